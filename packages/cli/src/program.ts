import { allFormats } from 'aigc-label';
import { Command, Option } from 'commander';
import { carry } from './carry.ts';
import type { ExitCode } from './exit-codes.ts';
import { inspect } from './inspect.ts';
import { addKeys } from './keys-program.ts';
import { label } from './label.ts';
import { preview } from './preview.ts';
import { propagate } from './propagate.ts';
import { repair } from './repair.ts';
import type { Session } from './session.ts';
import { trace } from './trace.ts';
import { verify } from './verify.ts';
import { version } from './version.ts';
import type { OptionName, Words } from './words/words.ts';

/** The whole command line; `finish` is told the exit code of the command that ran. */
export const buildProgram = (session: Session, finish: (code: ExitCode) => void): Command => {
  const { help } = session.words;
  const program = prepared(new Command('aigc-label'), session.words)
    .description(help.program)
    .version(version(), '-V, --version', help.versionOption)
    .helpCommand('help [command]', help.helpCommand)
    .usage('<label|verify|inspect|repair|propagate|carry|trace|preview|keys> …');
  const add = (name: string, description: string, inputs: string, after: string): Command =>
    prepared(program.command(name), session.words)
      .description(description)
      .argument('<inputs...>', inputs)
      .addHelpText('after', `\n${help.kinds(kinds())}\n${after}`);

  addOptions(add('label', help.label, help.labelInputs, help.labelAfter), help.options, LABEL_OPTIONS).action(async (inputs: string[], flags) =>
    finish(await label(inputs, flags, session)),
  );
  addOptions(add('verify', help.verify, help.inputs, help.verifyAfter), help.options, [
    'declared',
    'lookForExplicit',
    'explicitText',
    'trust',
    'lookUpRecords',
    'lookForSoft',
    'proof',
    'logKey',
    'onUnverified',
    'sarif',
    ...COMMON,
    'quiet',
  ]).action(async (inputs: string[], flags) => finish(await verify(inputs, flags, session)));
  addOptions(add('inspect', help.inspect, help.inputs, help.inspectAfter), help.options, COMMON).action(async (inputs: string[], flags) =>
    finish(await inspect(inputs, flags, session)),
  );
  addOptions(add('repair', help.repair, help.labelInputs, help.repairAfter), help.options, WRITING_OPTIONS).action(async (inputs: string[], flags) =>
    finish(await repair(inputs, flags, session)),
  );
  addOptions(add('propagate', help.propagate, help.labelInputs, help.propagateAfter), help.options, PROPAGATE_OPTIONS).action(
    async (inputs: string[], flags) => finish(await propagate(inputs, flags, session)),
  );
  addOptions(
    prepared(program.command('carry'), session.words)
      .description(help.carry)
      .argument('<original>', help.original)
      .argument('<rendition>', help.rendition)
      .addHelpText('after', help.carryAfter),
    help.options,
    ['outFile', 'inPlace', 'overwrite', 'dryRun', 'json', 'config', 'lang', 'quiet'],
  ).action(async (original: string, rendition: string, flags) => finish(await carry(original, rendition, flags, session)));
  addOptions(
    prepared(program.command('trace'), session.words)
      .description(help.trace)
      .argument('<subjects...>', help.traceSubjects)
      .addHelpText('after', help.traceAfter),
    help.options,
    ['trust', 'records', 'proofOut', 'log', 'logOrigin', 'overwrite', 'json', 'config', 'lang'],
  ).action(async (subjects: string[], flags) => finish(await trace(subjects, flags, session)));
  addOptions(
    prepared(program.command('preview'), session.words)
      .description(help.preview)
      .argument('<picture>', help.picture)
      .addHelpText('after', help.previewAfter),
    help.options,
    ['previewOut', 'overwrite', 'explicitText', ...BADGE_OPTIONS, 'json', 'config', 'lang'],
  ).action(async (picture: string, flags) => finish(await preview(picture, flags, session)));
  addKeys(program, session, (command) => prepared(command, session.words), finish);
  return program;
};

const kinds = (): string => allFormats.map(({ id }) => id).join(', ');

const FLAGS: Readonly<Record<OptionName, string>> = {
  producer: '-p, --producer <code>',
  produceId: '--produce-id <id>',
  label: '-l, --label <value>',
  propagator: '-p, --propagator <code>',
  propagateId: '--propagate-id <id>',
  suspected: '--suspected',
  sarif: '--sarif',
  out: '-d, --out <folder>',
  outFile: '-o, --out-file <file>',
  inPlace: '-i, --in-place',
  overwrite: '--overwrite',
  explicit: '--explicit',
  explicitText: '--explicit-text <text>',
  explicitFor: '--explicit-for <kinds>',
  badgeStyle: '--badge-style <style>',
  badgePosition: '--badge-position <position>',
  badgePlate: '--badge-plate <plate>',
  badgeHeight: '--badge-height <ratio>',
  badgeMargin: '--badge-margin <ratio>',
  badgeOpacity: '--badge-opacity <ratio>',
  noticePosition: '--notice-position <positions>',
  noticeForm: '--notice-form <form>',
  soundKind: '--sound-kind <kind>',
  soundLanguage: '--sound-language <language>',
  soundClip: '--sound-clip <file>',
  soundPosition: '--sound-position <positions>',
  videoWhen: '--video-when <when>',
  videoAlso: '--video-also <places>',
  videoSeconds: '--video-seconds <seconds>',
  lookForExplicit: '--explicit',
  sign: '--sign',
  key: '--key <id>',
  signatureProfile: '--signature-profile <profile>',
  model: '--model <name>',
  records: '--records <place>',
  lookUpRecords: '--records <place>',
  log: '--log <folder>',
  logOrigin: '--log-origin <name>',
  trust: '--trust <file>',
  onUnverified: '--on-unverified <action>',
  soft: '--soft',
  lookForSoft: '--soft',
  proof: '--proof <file>',
  logKey: '--log-key <key>',
  proofOut: '--proof-out <file>',
  previewOut: '-o, --out-file <file>',
  name: '--name <name>',
  dryRun: '-n, --dry-run',
  declared: '--declared',
  json: '--json',
  concurrency: '--concurrency <number>',
  config: '--config <file>',
  lang: '--lang <language>',
  quiet: '-q, --quiet',
};

const COMMON: readonly OptionName[] = ['name', 'json', 'concurrency', 'config', 'lang'];

const BADGE_OPTIONS: readonly OptionName[] = ['badgeStyle', 'badgePosition', 'badgePlate', 'badgeHeight', 'badgeMargin', 'badgeOpacity'];

const SIGNING_OPTIONS: readonly OptionName[] = ['sign', 'key', 'signatureProfile', 'records'];

const LABEL_OPTIONS: readonly OptionName[] = [
  'producer',
  'out',
  'outFile',
  'inPlace',
  'label',
  'produceId',
  'explicit',
  'explicitText',
  'explicitFor',
  ...BADGE_OPTIONS,
  'noticePosition',
  'noticeForm',
  'soundKind',
  'soundLanguage',
  'soundClip',
  'soundPosition',
  'videoWhen',
  'videoAlso',
  'videoSeconds',
  ...SIGNING_OPTIONS,
  'model',
  'soft',
  'log',
  'logOrigin',
  'overwrite',
  'dryRun',
  ...COMMON,
  'quiet',
];

const WRITING_OPTIONS: readonly OptionName[] = ['out', 'outFile', 'inPlace', 'overwrite', 'dryRun', ...COMMON, 'quiet'];

const PROPAGATE_OPTIONS: readonly OptionName[] = ['propagator', 'propagateId', 'declared', 'suspected', ...SIGNING_OPTIONS, ...WRITING_OPTIONS];

const addOptions = (command: Command, texts: Words['help']['options'], names: readonly OptionName[]): Command => {
  for (const name of names) {
    command.addOption(new Option(FLAGS[name], texts[name]));
  }
  return command;
};

/** Errors are thrown, so that they can be told in the user's language; help is printed in it. */
const prepared = (command: Command, { help }: Words): Command =>
  command
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .configureHelp({ styleTitle: (title) => (Object.hasOwn(help.titles, title) ? help.titles[title as keyof typeof help.titles] : title) })
    .helpOption('-h, --help', help.helpOption);
