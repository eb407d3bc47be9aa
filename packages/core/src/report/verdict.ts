/**
 * What a platform has to do, Measures Art. 6: `generated` (属于) · `possible` (可能, the user declares it) · `suspected` (疑似, traces) ·
 * `none`: nothing was found, which never means that a person made it.
 */
export type Action = 'generated' | 'possible' | 'suspected' | 'none';

/** How far the label can be trusted. Signed records come with their own values. */
export type Integrity =
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
