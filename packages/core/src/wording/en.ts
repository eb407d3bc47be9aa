import { fact, pathFact, type Wording } from './wording.ts';

/** English. */
export const en: Wording = {
  errors: {
    FILE_DAMAGED: (_, message) => message,
    FILE_EMPTY: () => 'The file is empty: there is nothing in it that could be labelled.',
    FORMAT_UNKNOWN: ({ extension }) =>
      typeof extension === 'string'
        ? `A ${extension} file is text, but no place for a label in it is known, and writing one could break it. If it is an article, call it .md, .html or .txt.`
        : 'This kind of file is not known, so nothing was done to it. Convert it to one that "aigc-label label --help" lists.',
    FORMAT_UNSUPPORTED_FEATURE: (_, message) => message,
    NO_PLACE_INSIDE: (_, message) => message,
    CARRIER_FULL: (_, message) => message,
    LIMIT_EXCEEDED: (_, message) => message,
    NOTHING_TO_REPAIR: () => 'There is no label in this file, so there is nothing to repair. If you made it with AI, label it.',
    NOTHING_TO_PROPAGATE: () =>
      'There is no label, no declaration and no trace of generation, so there is nothing to add (Measures Art. 6). This does not mean that a person made it. If the user declares it, say --declared.',
    NOTHING_TO_CARRY: () => 'The original carries no label, so there is none to carry.',
    OTHER_CONTENT: (facts) =>
      `These files are not renditions of the same content: they are alike to ${fact(facts, 'similarity')}, and ${fact(facts, 'threshold')} is needed. Give the original that this one was made from.`,
    LABEL_DISAGREES: (facts) =>
      fact(facts, 'producer') === ''
        ? 'The file already carries a label that names no producer, and it may not be replaced (Measures Art. 10). Add what you know of it with "aigc-label propagate", or label the original.'
        : `The file already carries a label of ${fact(facts, 'producer')} (ProduceID ${fact(facts, 'produceId')}), which may not be replaced (Measures Art. 10). Use that producer, or label the original.`,
    LABEL_AMBIGUOUS: () =>
      'The file already holds labels that contradict each other or cannot be read. Find out with "aigc-label inspect" which one is true, and label the original again.',
    LABEL_INVALID: (facts, message) => INVALID[fact(facts, 'reason')]?.(fact(facts, 'field'), fact(facts, 'value')) ?? message,
    LABEL_NOT_READ_BACK: () => 'The label could not be read back from the written file, so nothing was kept. Please report this file.',
    NOTICE_NOT_DRAWABLE: (_, message) => message,
    NOTICE_UNSUPPORTED: (_, message) => message,
    SOURCE_CHANGED: (facts) => `The file ${pathFact(facts)}was changed by something else meanwhile. Run again when it is at rest.`,
    NOT_FOUND: (facts) => `There is no file ${pathFact(facts)}here. Check the name.`,
    NAME_UNREADABLE: () => 'The name is not valid UTF-8, so the file cannot be opened by it. Rename it first.',
    NO_PERMISSION: (facts) => `You may not read or write ${pathFact(facts)}as this user. Check the permissions of the file and its folder.`,
    NOT_A_FILE: (facts) =>
      `The path ${pathFact(facts)}is no regular file (a folder, link, pipe or device). ${facts['isSidecar'] === true ? 'Move it away: the label of the file beside it belongs there.' : 'Give a file.'}`,
    OUTPUT_EXISTS: (facts) =>
      `The output ${pathFact(facts)}exists already and holds something else. Choose another place, or allow it with --overwrite.`,
    OUTPUT_IS_INPUT: () => 'The output is the input itself. Choose another place, or label it where it is with --in-place.',
    DISK_FULL: (facts) =>
      `There is no room for ${pathFact(facts)}on the disk (or your quota or limit is reached). Free some; the original is as it was.`,
    IO_FAILED: (facts, message) =>
      fact(facts, 'systemCode') === '' || fact(facts, 'systemCode') === 'ENAMETOOLONG'
        ? message
        : `Reading or writing ${pathFact(facts)}failed (${fact(facts, 'systemCode')}).`,
    TOOL_MISSING: (_, message) => message,
    TRUST_INVALID: (facts) =>
      `The trust list cannot be used${fact(facts, 'index') === '' ? '' : ` (key ${Number(facts['index']) + 1})`}: ${fact(facts, 'reason')}.`,
    KEY_INVALID: (_, message) => message,
    KEY_NOT_FOUND: (facts) =>
      fact(facts, 'keyId') === ''
        ? `There is no active key that may sign for ${fact(facts, 'names')}; make one with "aigc-label keys new".`
        : `There is no key ${fact(facts, 'keyId')} here; see "aigc-label keys list".`,
    SIGNING_FAILED: (_, message) => message,
    ID_CONFLICT: (facts) =>
      `ProduceID ${fact(facts, 'produceId')} of ${fact(facts, 'producer')} already belongs to other content; give every work a number of its own.`,
    RECORD_NOT_FOUND: (facts) => `No record is known of ${fact(facts, 'identifier')}.`,
    STORE_FAILED: (_, message) => message,
    LOG_FAILED: (_, message) => message,
    CONFIG_INVALID: (facts) =>
      `${fact(facts, 'key') === '' ? fact(facts, 'place') : `${fact(facts, 'key')} in ${fact(facts, 'place')}`} is not valid: ${fact(facts, 'problem')}`,
    ABORTED: () => 'Stopped before the file was finished; nothing of it was kept.',
  },
  actions: {
    generated: {
      title: 'AI-generated (属于)',
      meaning: 'The label says that this is AI-generated or AI-synthesised content.',
      next: 'Show clearly, next to the content, that it is AI-generated (Measures Art. 6, item 1).',
    },
    possible: {
      title: 'Possibly AI-generated (可能)',
      meaning: 'The label, or the person who uploads it, says that this may be AI-generated.',
      next: 'Show clearly, next to the content, that it may be AI-generated (Measures Art. 6, item 2).',
    },
    suspected: {
      title: 'Suspected to be AI-generated (疑似)',
      meaning: 'There are traces of a label, but no label that can be relied on.',
      next: 'Show clearly, next to the content, that it is suspected to be AI-generated (Measures Art. 6, item 3).',
    },
    none: {
      title: 'Nothing found (未发现)',
      meaning: 'No sign of AI generation was found. This never means that a person made it: labels can be lost or cut off.',
      next: 'Ask whoever uploads it whether it is AI-generated; if so, verify again with --declared (Measures Art. 6, items 2 and 4).',
    },
  },
  integrities: {
    verified: { meaning: 'The label is signed by a key that you trust for whoever it names, and the content is what was signed.', next: '' },
    content_changed: {
      meaning:
        'The label is signed by a key that you trust, but the content was edited since: whoever is named made the work, not all that is in it now.',
      next: 'Ask the producer for the original if it matters what was changed.',
    },
    transplanted: {
      meaning:
        'The signed label belongs to other content: it was moved here, or nothing of this content is as it was when it was signed (converted, re-encoded). It says nothing against whoever it names.',
      next: 'Do not name the producer. Ask whoever uploads it where it comes from; a store of records may know the work ("aigc-label trace").',
    },
    bad_signature: {
      meaning: 'The signature does not hold: the label was changed or made up. It says nothing against whoever it names.',
      next: 'Do not name the producer; ask whoever uploads it for the original.',
    },
    unknown_key: {
      meaning: 'The label is signed by a key that is not in your trust list for whoever it names: anyone can make such a key.',
      next: 'Get the keys of that producer from itself, not from the file, and verify again with --trust.',
    },
    revoked_key: {
      meaning: 'The key was revoked, and nothing shows that the label was signed before: someone else may have had it.',
      next: 'Ask the producer, or bring a proof from its log that the record is older.',
    },
    id_conflict: {
      meaning: 'The same number was given to different content: one of the two is false, or the producer made a mistake.',
      next: 'Tell the producer; do not name it meanwhile.',
    },
    unsigned: { meaning: 'A label without a signature that binds it to this content: anyone could have written it here.', next: '' },
    absent: { meaning: 'There is no label in this file.', next: 'If you made it with AI, label it with "aigc-label label".' },
    ambiguous: {
      meaning: 'The file holds labels that contradict each other; none of them is believed.',
      next: 'Look at them with "aigc-label inspect", and ask the producer for the original.',
    },
    malformed: {
      meaning: 'A label was meant but cannot be read, or the file is damaged so that none could be looked for.',
      next: 'Ask the producer for an intact file; "aigc-label inspect" shows what stands there.',
    },
    unsupported: {
      meaning: 'This version does not look into this kind of file, so nothing can be said of it.',
      next: 'Convert the file to a supported format from its source, or judge it by other means.',
    },
  },
  outcomes: { pass: 'kept', fail: 'violated', incomplete: 'a person must look', inapplicable: 'does not apply' },
  deviations: {
    not_json: () => 'the label is no JSON',
    not_an_object: () => 'the label is no JSON object',
    too_large: () => 'the label is too large to be read',
    duplicate_field: (field) => (field === '' ? 'a field stands twice' : `${field} stands twice`),
    wrapped: () => 'the label is wrapped in another object',
    prefixed: () => 'something stands before the label',
    base64: () => 'the label is encoded in base64',
    double_encoded: () => 'the label is encoded twice',
    not_compact: () => 'the label is not in compact form',
    field_order: () => 'the fields are not in the order of the standard',
    missing_field: (field) => `${field} is missing`,
    misspelt_field: (field) => `${field} is misspelt`,
    unknown_field: (field) => `${field} is no field of the standard`,
    not_a_string: (field) => `${field} is no string`,
    empty_field: (field) => `${field} is empty`,
    charset: (field) => `${field} holds characters that the standard does not allow`,
    label_not_in_enum: () => 'Label is none of 1, 2, 3',
  },
  anomalies: {
    truncated: 'the file ends too early',
    damaged: 'the structure contradicts itself',
    checksum: 'a stored checksum is wrong',
    trailing_data: 'there are bytes after the end',
    undecodable: 'a text that should hold a label cannot be decoded',
    limit: 'something was too large to be read',
    foreign_bytes: 'bytes stand in a place for metadata that are none',
    foreign_sidecar: 'the sidecar beside the file belongs to other content',
    duplicate_structure: 'a structure that may stand once stands twice',
  },
  signals: {
    generated_elsewhere: 'other metadata (IPTC or C2PA) says that a trained algorithm made it, or part of it',
    captured_elsewhere: 'other metadata (IPTC or C2PA) says that a camera or microphone captured it',
    c2pa_manifest: 'a C2PA manifest stands in it, which is not judged here',
    emptied_carrier: 'a place for a label stands in it, emptied',
  },
  checks: {
    'label-present': { title: 'There is an implicit label', remedy: 'Label the file.' },
    'label-single': { title: 'There is only one', remedy: 'Label the original again: exactly one label remains.' },
    'label-agreement': { title: 'Its copies say the same', remedy: 'Find out which one is true, and label the original again.' },
    'label-wrapper': { title: 'It is the bare object, not wrapped in another', remedy: 'Rewrite it with "aigc-label repair": the values stay.' },
    'label-place': {
      title: 'It stands in the place that the guide names',
      remedy: 'Rewrite it with "aigc-label repair": the values stay; other readers may not find it where it is.',
    },
    'label-serialisation': { title: 'It has the form of the standard', remedy: 'Rewrite it with "aigc-label repair": the values stay.' },
    'label-fields': { title: 'All seven fields are there', remedy: 'Let the producer write all seven fields as strings.' },
    'label-charset': { title: 'Its values keep to the allowed characters', remedy: 'Let the producer use a provider code instead of a name.' },
    'label-value': { title: 'Label is 1, 2 or 3', remedy: 'Let the producer write "1", "2" or "3".' },
    'producer-code': { title: "The producer's code is valid", remedy: 'Ask the producer for the right 27-character code.' },
    'propagator-code': { title: "The propagator's code is valid", remedy: 'Ask the propagator for the right 27-character code.' },
    'explicit-notice': { title: 'People can see or hear a notice', remedy: 'Look whether a notice stands in the content or around it.' },
    'signature-holds': {
      title: 'The label is signed, and the signature holds',
      remedy: 'See what is said of the signature; with --trust <keys> it is known whose it is.',
    },
    'structure-intact': { title: 'The file is intact', remedy: 'Export the file again from its source if it matters.' },
  },
  remarks: {
    content_kept: () => 'everything but the notice is bit for bit as it was',
    encoded_part: (facts) => `${fact(facts, 'seconds')} s around the notice were encoded anew, the rest is bit for bit as it was`,
    encoded_all: (facts) => `all of it was encoded anew (${REASONS[fact(facts, 'reason')] ?? fact(facts, 'reason')})`,
    contrast: (facts) => `contrast ${fact(facts, 'ratio')} : 1`,
    loudness: (facts) => `notice at ${fact(facts, 'notice')} LUFS, programme at ${fact(facts, 'programme')} LUFS`,
  },
  modalities: { text: 'text', image: 'image', audio: 'audio', video: 'video' },
  labelValues: { '1': 'is AI-generated', '2': 'may be AI-generated', '3': 'is suspected to be AI-generated' },
};

/** Why a recording was encoded anew as a whole. */
const REASONS: Readonly<Record<string, string>> = {
  throughout: 'the notice is on every picture',
  container: 'this container cannot be joined without it',
  codec: 'this codec cannot be joined without it',
  keyframe: 'no picture that stands by itself comes soon enough',
  parameters: 'its coding parameters cannot be matched',
  stream: 'this stream cannot be joined exactly',
  short: 'it is no longer than its notice',
};

const INVALID: Readonly<Record<string, (field: string, value: string) => string>> = {
  empty: (field) => `${field} must not be empty.`,
  charset: (field, value) =>
    `${field} "${value}" cannot be written: GB 45438-2025 Annex E j) allows only printable ASCII without space and backslash. Use the 27-character code instead of a name.`,
  too_long: (field) => `${field} is too long to be written.`,
  enum: (field, value) => `${field} must be 1, 2 or 3, not "${value}".`,
  provider_code: (field, value) =>
    `${field} "${value}" looks like a provider code but is none of TC260-PG-20252A: check its 27 characters and the check digit.`,
};
