/**
 * What a platform has to do, Measures Art. 6: `generated` (属于) · `possible` (可能, the user declares it) · `suspected` (疑似, traces) ·
 * `none`: nothing was found, which never means that a person made it.
 */
export type Action = 'generated' | 'possible' | 'suspected' | 'none';

/** How far the label can be trusted (spec/provenance.md §1.6). */
export type Integrity =
  /** Signed by a key that is trusted for whoever is named, and the content is what was signed. */
  | 'verified'
  /** Signed so, and the content is the same work, changed since. */
  | 'content_changed'
  /** Signed so, for other content: the label was moved here, or nothing of the content is as it was. */
  | 'transplanted'
  /** A signature does not hold, or says something other than the label. */
  | 'bad_signature'
  /** Signed by a key that is not trusted for whoever is named. */
  | 'unknown_key'
  /** Signed by a key that was revoked, and nothing shows that it was before. */
  | 'revoked_key'
  /** Signed so, but the store knows other content under the same number. */
  | 'id_conflict'
  /** A label that can be read, without a signature: anyone could have written it. */
  | 'unsigned'
  /** Nothing under our key was found. */
  | 'absent'
  /** Labels that disagree. */
  | 'ambiguous'
  /** A label was meant, or the file is damaged where one may have stood. */
  | 'malformed'
  /** A kind of file, or a size, that this version does not look into; also where what it leaves out may hold a label. */
  | 'unsupported';

/** What a check says: `incomplete` means that a person must look; `inapplicable` that the clause does not concern this file. */
export type Outcome = 'pass' | 'fail' | 'incomplete' | 'inapplicable';
