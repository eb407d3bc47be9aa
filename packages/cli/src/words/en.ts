import { enReasons } from './reasons.ts';
import type { FileOutcome, Words } from './words.ts';

/** English. */
export const en: Words = {
  reasons: enReasons,
  help: {
    program: 'Labels AI-generated files, and verifies labels (GB 45438-2025 and the Measures of 2025).',
    label: 'write the implicit label into files, and, on request, a notice that people see or hear',
    verify: 'say of each file whether it is AI-generated, who says so, and what is wrong with the label',
    inspect: 'show everything that stands in files under our key, without a verdict',
    repair: "rewrite deviating labels into the guide's place and form; every value stays as it is",
    propagate: 'add what a platform adds when it publishes: its own fields, and Label as Measures Art. 6 has it',
    carry: 'put the label of an original into a rendition of the same content that has lost it',
    trace: 'tell the story of a file or number: who made it, when, with which model, who has spread it, and how sure that is',
    traceSubjects: 'files, or identifiers (ProduceID, PropagateID)',
    preview: 'show how the badge would look on a picture, and label nothing',
    picture: 'a PNG, JPEG, WebP or GIF',
    inputs: 'files, folders (recursively), globs, or - for standard input',
    labelInputs: 'files, folders (recursively), globs, or - for standard input (then the result goes to standard output)',
    original: 'the file that still has its label',
    rendition: 'the transcode that was made of it',
    titles: { 'Usage:': 'Usage:', 'Options:': 'Options:', 'Commands:': 'Commands:', 'Arguments:': 'Arguments:' },
    options: {
      producer: 'who generated it: the 27-character provider code, or a name',
      produceId: "the producer's number for the content (one file only; default: a fresh UUIDv7)",
      label: '1 is, 2 may be, 3 is suspected to be AI-generated (default: 1)',
      propagator: 'who spreads it: the 27-character provider code, or a name',
      propagateId: "the propagator's number for the content (one file only; default: a fresh UUIDv7)",
      suspected: 'your own detection finds traces of generation',
      sarif: 'one SARIF 2.1.0 log',
      out: 'write into this folder; the tree below the inputs is mirrored',
      outFile: 'write to this file (one file only)',
      inPlace: 'replace each file by its labelled form, atomically',
      overwrite: 'replace outputs that exist and hold something else',
      explicit: 'also put a notice into the content that people see or hear',
      explicitText:
        'its words, or a preset: short (default, AI生成), full, content, both, bilingual …; they must hold AI or 人工智能, and 生成 or 合成',
      explicitFor: 'kinds that get it: text,image,audio,video (default: all; compressed sound and video need ffmpeg)',
      badgeStyle: 'standard (default), light, outline, subtle, solid, large',
      badgePosition: 'bottom-right (default), bottom-left, top-right, top-left, top, bottom, left, right',
      badgePlate: 'dark (default), light, none, or auto: whichever is nearer to what lies beneath',
      badgeHeight: 'height of the letters as a share of the shortest side, 0.05 to 0.5',
      badgeMargin: 'distance to the edge as a share of the shortest side, 0 to 0.2',
      badgeOpacity: 'least opacity of the plate, 0.2 to 1; raised where the contrast would be below 4.5 : 1',
      noticePosition: 'where the notice stands in texts: start (default), middle, end, throughout (every page or slide); several with commas',
      noticeForm: 'sentence (default) or corner-mark',
      soundKind: 'speech (default) or rhythm: short long, short short',
      soundLanguage: 'of the spoken notice: zh (default), en, zh-en',
      soundClip: 'a WAV of your own that says --explicit-text',
      soundPosition: 'where it is heard: start (default), middle, end; several with commas',
      videoWhen: 'opening (default): the first seconds; throughout: every picture',
      videoAlso: 'where it is shown again: middle, end; both with a comma',
      videoSeconds: 'for how long it is shown, 2 to 60 (default: 3)',
      lookForExplicit: 'also look for notices in pixels and sound; compressed sound and video need ffmpeg, which runs in a process of its own',
      sign: 'sign the label and the content with your key (see "aigc-label keys"), and remember it',
      key: 'which key signs (default: the newest active one of the producer or propagator)',
      signatureProfile: 'jws (default), or tc260: SecurityData with SM2 and SM3, for which the key must be an SM2 key',
      model: 'the generating model, for the record alone',
      records:
        'where records are kept: a file, a postgres:// address (better in AIGC_LABEL_RECORDS), or none (default: records.db in your folder of data)',
      lookUpRecords:
        'also ask this store of records, which knows works whose label is lost: a file, or a postgres:// address (better in AIGC_LABEL_RECORDS)',
      log: 'folder of a tamper-evident log that takes every record before its file is written',
      logOrigin: 'the name of that log, a URL without its scheme; a key of that name signs it',
      trust: 'file with the keys that you trust, and for whom (JWKS); without one every signature is by an unknown key',
      onUnverified: 'what a label counts for whose signature speaks against it: suspected (default) or generated',
      soft: 'also sign what pictures look like, so that a transcode can be told from another picture (decodes)',
      lookForSoft: 'look at pictures whose bytes were changed since they were signed: the same picture, or another one (decodes)',
      proof: 'offline proof that the record stands in a log (.tlog-proof; one file only); needs --log-key',
      logKey: "the log's key, as its operator publishes it: NAME+ID+KEY, or a file with that line",
      proofOut: 'write the offline proof of the record to this file (one subject only; needs --log and --log-origin)',
      previewOut: 'where the PNG goes (default: beside the picture, NAME.preview.png)',
      name: 'a file name for standard input: tells Markdown, HTML and plain text apart',
      dryRun: 'show what would be done, and write nothing',
      declared: 'the person who uploads the files says that they are AI-generated',
      json: 'one JSON object a line',
      concurrency: 'files at the same time (default: one per processor)',
      config: 'settings file (default: aigc-label.config.yaml, .yml or .json here)',
      lang: 'en or zh (default: the language of the system)',
      quiet: 'print problems only',
    },
    helpOption: 'show this help',
    helpCommand: 'show the help of a command',
    versionOption: 'show the version',
    kinds: (ids) => `Kinds of file: ${ids}.`,
    labelAfter: `
Exactly one of --out, --out-file, --in-place is needed (none with -).
A run that was stopped goes on where it stopped when the same command is given again.

Exit codes:
  0    everything is labelled (or was already)
  1    a file was refused for what it is or holds, or because its output exists
  10   an error from outside: usage, settings, missing file, permission, full disk
  129, 130, 141, 143   ended by a signal (hang-up, Ctrl-C, closed pipe, termination)

Examples:
  aigc-label label --producer 001191110000TE0T0EXA0R10001 --out labelled pictures/
  aigc-label label --in-place --explicit "articles/**/*.md"
  aigc-label label -p ExampleAI --name a.md - < a.md > labelled.md`,
    verifyAfter: `
Exit codes (the worst of all files):
  0    every file is labelled and conformant
  1    a file violates a rule, is damaged, or holds labels that contradict each other; its signature speaks against it (content changed or another one, signature broken, key
       revoked, number taken by other content; with --trust also: key unknown); with --proof also: the proof does not hold
  2    a file carries no label (which never means that a person made it)
  3    a file is of a kind that cannot be judged
  10   an error from outside: usage, settings, missing file, permission
  129, 130, 141, 143   ended by a signal (hang-up, Ctrl-C, closed pipe, termination)`,
    repairAfter: `
Values and ReservedCodes are kept byte for byte; characters that the standard does not allow stay where they are values.

Exit codes:
  0    every label stands in the right form (or did already)
  1    a file was refused for what it is or holds (labels that contradict each other or cannot be read)
  2    a file carries no label
  10   an error from outside: usage, settings, missing file, permission, full disk
  129, 130, 141, 143   ended by a signal (hang-up, Ctrl-C, closed pipe, termination)`,
    propagateAfter: `
The producer's fields and ReservedCode1 stay byte for byte. Label becomes 1 where the metadata says so, else 2 where the user declares it, else 3 where there are traces.

Exit codes:
  0    every file carries your fields
  1    a file was refused for what it is or holds
  2    a file has neither label, declaration nor traces: nothing was added (which never means that a person made it)
  10   an error from outside: usage, settings, missing file, permission, full disk
  129, 130, 141, 143   ended by a signal (hang-up, Ctrl-C, closed pipe, termination)`,
    carryAfter: `
Sound and moving pictures are compared by ffmpeg, which is looked for in AIGC_LABEL_FFMPEG and on the PATH.

Exit codes:
  0    the rendition carries the label of the original
  1    refused: other content, another label, or what the file is
  2    the original carries no label
  10   an error from outside: usage, settings, missing file or tool, permission, full disk
  129, 130, 141, 143   ended by a signal (hang-up, Ctrl-C, closed pipe, termination)

Example:
  aigc-label carry original.png smaller.webp --in-place`,
    traceAfter: `
Exit codes:
  0    a record is known of each
  2    of one at least none is (which never means that a person made it)
  10   an error from outside: usage, settings, missing file or store, permission

Examples:
  aigc-label trace picture.png --trust keys.json
  aigc-label trace 0199f1d2-7c1e-7aaa-8bbb-123456789abc --json`,
    previewAfter: `
Exit codes:
  0    the preview was written
  1    the badge cannot be drawn on this picture
  10   an error from outside: usage, settings, missing file, permission, full disk

Example:
  aigc-label preview picture.jpg --badge-style subtle --badge-position top-left`,
    inspectAfter: `
Exit codes:
  0    every file could be looked into
  1    a file is too damaged to be looked into
  10   an error from outside: usage, settings, missing file, permission
  129, 130, 141, 143   ended by a signal (hang-up, Ctrl-C, closed pipe, termination)`,
  },
  usage: {
    carryTakesFiles: 'carry compares two files, and takes none from standard input.',
    noPropagator: 'Say who spreads it: --propagator, the variable AIGC_LABEL_PROPAGATOR, or "propagator:" in aigc-label.config.yaml.',
    jsonOrSarif: 'Choose one of --json and --sarif.',
    unknownOption: (option) => `There is no option ${option}. A file whose name begins with - goes after -- (or as ./-name).`,
    unknownCommand: (command) => `There is no command ${command}. There are: label, verify, inspect, repair, propagate, carry, trace, preview, keys.`,
    missingArgument: (argument) => `Something is missing: ${argument}.`,
    missingValue: (option) => `The option ${option} needs a value.`,
    other: (detail) => `That call cannot be understood (${detail}).`,
    hint: 'See aigc-label --help.',
    noProducer: 'Say who generated it: --producer, the variable AIGC_LABEL_PRODUCER, or "producer:" in aigc-label.config.yaml.',
    proofOutTakesOne: '--proof-out takes one subject, and --log with --log-origin.',
    proofNeedsKey: '--proof and --log-key go together; the key comes from the operator of the log, not from the file.',
    proofTakesOne: '--proof is of one record: give one file.',
    notInLog: 'No record of it stands in that log: it was labelled without --log, or with another one.',
    noLog: (folder) => `There is no log in "${folder}"; name the folder that --log named when the file was labelled.`,
    needsSign: (option) => `${option} needs a signature: add --sign (or --key).`,
    keyOfAnother: (keyId, name) =>
      `The key ${keyId} does not sign for ${name}; "aigc-label keys list" shows for whom each key signs, "aigc-label keys new --names ${name}" makes one.`,
    profileNeedsKey: (profile, name) =>
      profile === 'tc260'
        ? `The profile tc260 needs an SM2 key; "aigc-label keys new --algorithm SM2 --names ${name}" makes one.`
        : `The profile jws needs an Ed25519 or ES256 key; "aigc-label keys new --names ${name}" makes one.`,
    noFolderForRecords: (path) => `The folder of "${path}" is not there; make it first, or choose another place with --records.`,
    logNeedsOrigin: 'Say what the log is called: --log-origin, or "logOrigin:" in aigc-label.config.yaml.',
    noDestination: 'Say where the labelled files go: --out FOLDER, --out-file FILE (one file), or --in-place.',
    oneDestination: 'Choose one of --out, --out-file and --in-place.',
    outFileTakesOne: '--out-file takes one file; use --out FOLDER for several.',
    produceIdTakesOne: '--produce-id belongs to one content; give one file, or leave it out and each file gets its own.',
    standardInputAlone: '- (standard input) cannot be mixed with other inputs here.',
    standardInputTarget: '- (standard input) goes to standard output, or to --out-file FILE.',
    terminalOutput: 'The result would be printed on this terminal; send it on with > FILE or | COMMAND, or use --out-file FILE.',
    jsonNeedsFile: '--json and the labelled file cannot both go to standard output; use --out-file FILE.',
    outIsNoFolder: (path) => `--out needs a folder, and "${path}" is none.`,
    noticeRule: 'a notice is one line that holds AI or 人工智能, and 生成 or 合成 (GB 45438-2025 §5).',
    modelRule: 'the name of a model is 1 to 200 printable ASCII characters.',
    nothingFound: 'No files were found there.',
    leftOut: (count) => `${files(count)} below the output folder ${count === 1 ? 'was' : 'were'} left out.`,
  },
  label: {
    outcomes: {
      labelled: 'labelled',
      updated: 'updated',
      unchanged: 'unchanged (already says this)',
      done_earlier: 'done earlier',
      refused: 'refused',
      not_begun: 'not begun',
    },
    plans: {
      labelled: 'would be labelled',
      updated: 'would be updated',
      unchanged: 'would stay as it is (already says this)',
      done_earlier: 'done earlier',
      refused: 'would be refused',
      not_begun: 'not begun',
    },
    marked: 'with a notice that people see or hear',
    beside: (path) => `in the sidecar ${path}`,
    alike: (similarity) => `alike to ${similarity}`,
    bytes: (count) => `${count} bytes`,
    summary: (counts, isDryRun) => `${isDryRun ? 'Nothing was written. It would be: ' : ''}${counted(counts)}.`,
    goOn: 'Stopped. The same command goes on from here.',
  },
  verify: {
    undetermined: 'Undetermined (无法判断)',
    saidBy: 'Said by',
    spreadBy: 'Spread by',
    organisation: (identity) => `organisation, credit code ${identity}`,
    individual: 'an individual',
    number: 'number',
    howSure: 'How sure',
    signature: 'Signature',
    signal: 'Other metadata',
    log: 'Log',
    logs: {
      included: 'the proof holds: the record stands in that log',
      failed: 'the proof does not hold, is of another record, or is of another log than the key',
    },
    recovered: 'Known to the store as',
    rules: 'Rules',
    allKept: 'everything that can be checked is kept',
    violated: (count) => `${count} violated`,
    notJudged: 'not judged: there is no label that rules could be put to',
    mustLook: 'a person must look',
    notices: 'Notice in the content',
    positions: {
      start: 'at the start',
      middle: 'in the middle',
      end: 'at the end',
      throughout: 'throughout',
      'bottom-right': 'at the bottom right',
      'bottom-left': 'at the bottom left',
      'top-right': 'at the top right',
      'top-left': 'at the top left',
      top: 'at the top',
      bottom: 'at the bottom',
      left: 'at the left',
      right: 'at the right',
    },
    forms: { text: 'text', 'corner-mark': 'corner mark', badge: 'badge', speech: 'speech', rhythm: 'rhythm short long, short short' },
    measures: {
      likeness: 'likeness',
      heightRatio: 'height',
      seconds: 'seconds',
      contrast: 'contrast',
      charactersPerMinute: 'characters a minute',
      longToShort: 'long to short',
      atSeconds: 'from second',
    },
    shortfall: ({ measure, found, required, clause }) => `${measure} is ${found}, ${required} is required (${clause})`,
    structure: 'Structure',
    details: 'Details',
    next: 'Next',
    summary: ({ labelled, violations, unlabelled, undetermined, errors }) =>
      `${files(labelled + violations + unlabelled + undetermined + errors)}: ${labelled} labelled and conformant, ${violations} with violations or damage, ${unlabelled} without a label, ${undetermined} undetermined, ${errors} with errors.`,
  },
  trace: {
    noRecord: 'No record is known of it.',
    noSuchThing: 'There is no file of that name, and no record of that number.',
    howSure: 'How sure',
    certainties: {
      verified: 'the file is what was signed, by a key that you trust',
      signed: 'a record is signed by a key that you trust; this file is not what was signed, or none was given',
      recorded: 'the store says so; no signature by a key that you trust does',
      label_only: 'the label says so, and nothing else does',
      nothing: 'nobody says anything, which never means that a person made it',
    },
    record: 'Record',
    producer: 'Produced by',
    signedAt: 'Signed at',
    model: 'Model',
    content: 'Content',
    bytes: (count) => `${count} bytes`,
    status: 'Status',
    statuses: {
      prepared: 'prepared; whether its file was put in place is not known',
      published: 'its file was put in place',
      failed: 'its file was never put in place',
    },
    signature: 'Signature',
    unsigned: 'not signed',
    states: {
      valid: 'holds, by a trusted key',
      unknown_key: 'by a key that is not trusted for this name',
      revoked_key: 'by a key that was revoked',
      invalid: 'does not hold',
      malformed: 'cannot be read',
    },
    revokedLater: 'holds, by a key that was revoked later',
    sameContent: 'This very content',
    yes: 'yes',
    no: 'no',
    leaf: 'Place in the log',
    keptUntil: 'Kept until',
    proof: (path, logKey) => `Proof written to ${path}. It is verified with --proof and --log-key ${logKey}`,
    noStore: 'There is no store of records here; name one with --records.',
  },
  preview: {
    drawn: ({ path, pixels, percent }) => `${path}: letters of ${pixels} pixels, ${percent} % of the shortest side (at least 5 % are required)`,
  },
  inspect: {
    kind: 'Kind',
    unknownKind: 'unknown',
    place: 'The label belongs in',
    found: (count) => (count === 0 ? 'Nothing under the key AIGC.' : `Under the key AIGC (${count}):`),
    guidePlace: 'the right place',
    otherPlace: 'not the right place',
    raw: 'As it stands',
    structure: 'Structure',
    nothing: 'nothing noteworthy',
    size: (bytes) => `${bytes} bytes`,
  },
  standardInput: '(standard input)',
  standardOutput: 'standard output',
  error: 'Error',
  stopping: 'Stopping: what is being written is undone or finished. Once more ends at once.',
  unexpected: (summary) =>
    `Something went wrong that should not (${summary}). Please report it, with the command and, if you may, the file; AIGC_LABEL_DEBUG=1 shows more.`,
  progress: '{bar} {percentage}% · {done} of {files} files · {eta_formatted} left',
  colon: ': ',
};

const files = (count: number): string => (count === 1 ? '1 file' : `${count} files`);

const counted = (counts: Readonly<Record<FileOutcome, number>>): string => {
  const names: Readonly<Record<FileOutcome, string>> = {
    labelled: 'labelled',
    updated: 'updated',
    unchanged: 'unchanged',
    done_earlier: 'done earlier',
    refused: 'refused',
    not_begun: 'not begun',
  };
  const parts = (Object.keys(names) as FileOutcome[]).filter((name) => counts[name] > 0).map((name) => `${counts[name]} ${names[name]}`);
  return parts.join(', ');
};
