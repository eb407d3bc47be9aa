import type { LabelErrorCode, Report } from 'aigc-label';

/** What the process ends with; documented in docs/cli.md and in every command's help. */
export const EXIT = {
  /** Everything is labelled; everything that was verified is labelled and conformant. */
  fine: 0,
  /** A file was refused for what it holds; a verified file violates a rule, is damaged, or its labels contradict each other. */
  refused: 1,
  /** At least one file carries no label, and nothing is worse. */
  unlabelled: 2,
  /** At least one file is of a kind that cannot be judged, and nothing is worse. */
  undetermined: 3,
  /** Something outside the files: usage, configuration, a missing file, permissions, a full disk, a defect of ours. */
  error: 10,
  /** 128 + the number of the signal, as shells have it. */
  hangup: 129,
  interrupted: 130,
  brokenPipe: 141,
  terminated: 143,
} as const;

/** One of `EXIT`. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** From the worst to the best: the worst of all files decides. */
const WORST_FIRST: readonly ExitCode[] = [EXIT.error, EXIT.refused, EXIT.unlabelled, EXIT.undetermined, EXIT.fine];

/** The worst of several. */
export const worstOf = (codes: Iterable<ExitCode>): ExitCode => {
  const all = new Set(codes);
  return WORST_FIRST.find((code) => all.has(code)) ?? EXIT.fine;
};

/** What one verified file counts as. @param needsProof whether the caller gave a proof from a log, which then has to hold. */
export const exitOfReport = (report: Report, { needsProof = false }: { readonly needsProof?: boolean } = {}): ExitCode => {
  const code = exitOfVerdict(report);
  return code === EXIT.fine && needsProof && report.provenance?.log !== 'included' ? EXIT.refused : code;
};

const exitOfVerdict = ({ integrity, isConformant, provenance }: Report): ExitCode => {
  switch (integrity) {
    case 'absent':
      return EXIT.unlabelled;
    case 'unsupported':
      return EXIT.undetermined;
    case 'ambiguous':
    case 'malformed':
    case 'content_changed':
    case 'transplanted':
    case 'bad_signature':
    case 'revoked_key':
    case 'id_conflict':
      return EXIT.refused;
    case 'unknown_key':
      // Nobody asked whose key it is where no trust list was given.
      return isConformant && provenance?.hasTrustList !== true ? EXIT.fine : EXIT.refused;
    case 'unsigned':
    case 'verified':
      return isConformant ? EXIT.fine : EXIT.refused;
  }
};

/** There was nothing that could be done it to; not an error of the file. */
const NOTHING_THERE: ReadonlySet<LabelErrorCode | 'UNEXPECTED'> = new Set(['NOTHING_TO_REPAIR', 'NOTHING_TO_PROPAGATE', 'NOTHING_TO_CARRY'] as const);

/** Refusals for what a file is or holds; every other error comes from outside it. */
const OF_THE_FILE: ReadonlySet<LabelErrorCode> = new Set([
  'FILE_DAMAGED',
  'FILE_EMPTY',
  'FORMAT_UNKNOWN',
  'FORMAT_UNSUPPORTED_FEATURE',
  'NO_PLACE_INSIDE',
  'CARRIER_FULL',
  'LIMIT_EXCEEDED',
  'LABEL_DISAGREES',
  'LABEL_AMBIGUOUS',
  'LABEL_INVALID',
  'OTHER_CONTENT',
  'NOTICE_NOT_DRAWABLE',
  'NOTICE_UNSUPPORTED',
  'OUTPUT_EXISTS',
]);

/** What one file's error counts as. */
export const exitOfError = (code: LabelErrorCode | 'UNEXPECTED'): ExitCode =>
  NOTHING_THERE.has(code) ? EXIT.unlabelled : code !== 'UNEXPECTED' && OF_THE_FILE.has(code) ? EXIT.refused : EXIT.error;
