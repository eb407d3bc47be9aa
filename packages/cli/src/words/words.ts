import type { Certainty, CodeState, FoundNotice, Language, NoticeMeasure, NoticePlace, RecordStatus } from 'aigc-label';
import { en } from './en.ts';
import type { Reasons } from './reasons.ts';
import { zh } from './zh.ts';

/** What became of one file of a `label` run, as `--json` names it. */
export type FileOutcome = 'labelled' | 'updated' | 'unchanged' | 'done_earlier' | 'refused' | 'not_begun';

/** Every sentence of the command line itself; those about files and labels are core's `Wording`. */
export interface Words {
  /** What the reasons of errors mean. */
  readonly reasons: Reasons;
  readonly help: HelpWords;
  readonly usage: UsageWords;
  readonly label: LabelWords;
  readonly verify: VerifyWords;
  readonly trace: TraceWords;
  readonly preview: PreviewWords;
  readonly inspect: InspectWords;
  readonly standardInput: string;
  readonly standardOutput: string;
  /** Put before what an error concerns. */
  readonly error: string;
  readonly stopping: string;
  readonly unexpected: (summary: string) => string;
  readonly progress: string;
  /** Between a name and its value, with the space that the language wants. */
  readonly colon: string;
}

/** What `--help` shows. */
export interface HelpWords {
  readonly program: string;
  readonly label: string;
  readonly verify: string;
  readonly inspect: string;
  readonly repair: string;
  readonly propagate: string;
  readonly carry: string;
  readonly trace: string;
  readonly traceSubjects: string;
  readonly traceAfter: string;
  readonly preview: string;
  readonly picture: string;
  readonly inputs: string;
  readonly original: string;
  readonly rendition: string;
  readonly labelInputs: string;
  readonly titles: Readonly<Record<'Usage:' | 'Options:' | 'Commands:' | 'Arguments:', string>>;
  readonly options: Readonly<Record<OptionName, string>>;
  readonly helpOption: string;
  readonly helpCommand: string;
  readonly versionOption: string;
  readonly kinds: (ids: string) => string;
  readonly labelAfter: string;
  readonly verifyAfter: string;
  readonly inspectAfter: string;
  readonly repairAfter: string;
  readonly propagateAfter: string;
  readonly carryAfter: string;
  readonly previewAfter: string;
}

/** Every flag, by its name in code. */
export type OptionName =
  | 'producer'
  | 'produceId'
  | 'label'
  | 'propagator'
  | 'propagateId'
  | 'suspected'
  | 'sarif'
  | 'out'
  | 'outFile'
  | 'inPlace'
  | 'overwrite'
  | 'explicit'
  | 'explicitText'
  | 'explicitFor'
  | 'badgeStyle'
  | 'badgePosition'
  | 'badgePlate'
  | 'badgeHeight'
  | 'badgeMargin'
  | 'badgeOpacity'
  | 'noticePosition'
  | 'noticeForm'
  | 'soundKind'
  | 'soundLanguage'
  | 'soundClip'
  | 'soundPosition'
  | 'videoWhen'
  | 'videoAlso'
  | 'videoSeconds'
  | 'lookForExplicit'
  | 'sign'
  | 'key'
  | 'signatureProfile'
  | 'model'
  | 'records'
  | 'lookUpRecords'
  | 'log'
  | 'logOrigin'
  | 'trust'
  | 'onUnverified'
  | 'soft'
  | 'lookForSoft'
  | 'proof'
  | 'logKey'
  | 'proofOut'
  | 'previewOut'
  | 'name'
  | 'dryRun'
  | 'declared'
  | 'json'
  | 'concurrency'
  | 'config'
  | 'lang'
  | 'quiet';

/** Mistakes in the call. */
export interface UsageWords {
  readonly unknownOption: (option: string) => string;
  readonly unknownCommand: (command: string) => string;
  readonly missingArgument: (argument: string) => string;
  readonly missingValue: (option: string) => string;
  readonly other: (detail: string) => string;
  readonly hint: string;
  readonly noProducer: string;
  readonly carryTakesFiles: string;
  readonly noPropagator: string;
  readonly proofNeedsKey: string;
  readonly proofTakesOne: string;
  readonly notInLog: string;
  readonly noLog: (folder: string) => string;
  readonly needsSign: (option: string) => string;
  readonly keyOfAnother: (keyId: string, name: string) => string;
  readonly profileNeedsKey: (profile: 'jws' | 'tc260', name: string) => string;
  readonly noFolderForRecords: (path: string) => string;
  readonly proofOutTakesOne: string;
  readonly logNeedsOrigin: string;
  readonly noDestination: string;
  readonly jsonOrSarif: string;
  readonly oneDestination: string;
  readonly outFileTakesOne: string;
  readonly produceIdTakesOne: string;
  readonly standardInputAlone: string;
  readonly standardInputTarget: string;
  readonly terminalOutput: string;
  readonly jsonNeedsFile: string;
  readonly outIsNoFolder: (path: string) => string;
  readonly noticeRule: string;
  readonly modelRule: string;
  readonly nothingFound: string;
  readonly leftOut: (count: number) => string;
}

/** What `label` prints. */
export interface LabelWords {
  readonly outcomes: Readonly<Record<FileOutcome, string>>;
  /** The same, before anything is done. */
  readonly plans: Readonly<Record<FileOutcome, string>>;
  readonly marked: string;
  readonly beside: (path: string) => string;
  readonly alike: (similarity: string) => string;
  readonly bytes: (count: string) => string;
  readonly summary: (counts: Readonly<Record<FileOutcome, number>>, isDryRun: boolean) => string;
  readonly goOn: string;
}

/** What `preview` prints. */
export interface PreviewWords {
  readonly drawn: (facts: { readonly path: string; readonly pixels: number; readonly percent: number }) => string;
}

/** What `verify` prints. */
export interface VerifyWords {
  readonly undetermined: string;
  readonly saidBy: string;
  readonly spreadBy: string;
  readonly organisation: (identity: string) => string;
  readonly individual: string;
  readonly number: string;
  readonly howSure: string;
  readonly signature: string;
  readonly signal: string;
  /** What a proof from a log says. */
  readonly log: string;
  readonly logs: Readonly<Record<'included' | 'failed', string>>;
  readonly recovered: string;
  readonly rules: string;
  readonly allKept: string;
  readonly violated: (count: number) => string;
  readonly notJudged: string;
  readonly mustLook: string;
  readonly notices: string;
  readonly positions: Readonly<Record<NoticePlace, string>>;
  readonly forms: Readonly<Record<FoundNotice['form'], string>>;
  readonly measures: Readonly<Record<NoticeMeasure, string>>;
  /** A rule that a notice breaks. */
  readonly shortfall: (broken: { readonly measure: string; readonly found: number; readonly required: number; readonly clause: string }) => string;
  readonly structure: string;
  readonly details: string;
  readonly next: string;
  readonly summary: (counts: Readonly<Record<'labelled' | 'violations' | 'unlabelled' | 'undetermined' | 'errors', number>>) => string;
}

/** What `trace` prints. */
export interface TraceWords {
  readonly noRecord: string;
  /** What was named is neither a file nor a number that is known. */
  readonly noSuchThing: string;
  readonly howSure: string;
  readonly certainties: Readonly<Record<Certainty, string>>;
  readonly record: string;
  readonly producer: string;
  readonly signedAt: string;
  readonly model: string;
  readonly content: string;
  readonly bytes: (count: number) => string;
  readonly status: string;
  readonly statuses: Readonly<Record<RecordStatus, string>>;
  readonly signature: string;
  readonly unsigned: string;
  readonly states: Readonly<Record<CodeState, string>>;
  readonly revokedLater: string;
  readonly sameContent: string;
  readonly yes: string;
  readonly no: string;
  readonly leaf: string;
  readonly keptUntil: string;
  readonly proof: (path: string, logKey: string) => string;
  readonly noStore: string;
}

/** What `inspect` prints. */
export interface InspectWords {
  readonly kind: string;
  readonly unknownKind: string;
  readonly place: string;
  readonly found: (count: number) => string;
  readonly guidePlace: string;
  readonly otherPlace: string;
  readonly raw: string;
  readonly structure: string;
  readonly nothing: string;
  readonly size: (bytes: number) => string;
}

/** Every sentence, by language. */
export const allWords: Readonly<Record<Language, Words>> = { en, zh };
