// GB 45438-2025 §5.3: what must be heard, where, and how fast.
import type { ByteSource, FoundNotice, NoticeFinder, NoticePlace, Shortfall } from '@aigc-label/core';
import { SOUND_NOTICE_FORMATS } from '../../notice-formats.ts';
import type { ResolvedSoundNotice, SoundNoticePosition } from '../sound-notice-options.ts';
import { type Heard, listen } from './listen.ts';
import { referencesOf, shippedReference } from './references.ts';
import { type RhythmMatch, rhythmMatches } from './rhythm-match.ts';
import { spectraOf } from './spectra.ts';
import { type SpokenMatch, type SpokenReference, spokenMatches } from './speech-match.ts';

/** From this likeness on it is our clip; docs/decisions/0023 tells what was measured: the same voice with one syllable of ten changed comes to 0.87 to 0.89. */
export const SPOKEN_LIKENESS_THRESHOLD = 0.9;

/** What begins this early, or ends this late, stands at the start, or at the end; in seconds. */
const EDGE_SECONDS = 3;
/** The other clip of a notice in two languages may come first, or last. */
const FOLLOWING_SECONDS = 5;

/** Note 4 of the clause, and what a measurement of the speed may be off by. */
const CHARACTERS_PER_MINUTE = { least: 120, most: 160, tolerance: 0.03 } as const;
/** Morse: a long is three shorts; what a measurement through a codec may be off by. */
const LONG_TO_SHORT = { wanted: 3, tolerance: 0.5 } as const;

const CLAUSE = { speed: 'GB 45438-2025 §5.3 e', rhythm: 'GB 45438-2025 §5.3 c' } as const;

/** Finds notices that are heard: the clips that ship, at many speeds, and the rhythm in any tone. Compressed sound is decoded by ffmpeg in a process of its own. */
export const soundNoticeFinder: NoticeFinder = {
  formats: SOUND_NOTICE_FORMATS,
  isDecoding: true,
  async find(source, formatId, search = {}) {
    const heard = await listen(source, formatId, search.signal);
    return heard.seconds === 0 ? [] : noticesIn(heard, [await shippedReference('zh'), await shippedReference('en')]);
  },
};

/** Whether this very notice stands at each of its positions. */
export const hasNotice = async (source: ByteSource, formatId: string, notice: ResolvedSoundNotice, signal?: AbortSignal): Promise<boolean> => {
  const references = await referencesOf(notice);
  const heard = await listen(source, formatId, signal);
  const found = heard.seconds === 0 ? [] : noticesIn(heard, references);
  const whole = heard.seconds;
  return notice.positions.every((position) => {
    const here = found.filter(
      ({ shortfalls = [], measures = {} }) => shortfalls.length === 0 && standsAt(position, measures.atSeconds ?? 0, measures.seconds ?? 0, whole),
    );
    // One notice in a short recording is near its start, middle and end; it is one all the same.
    const isHeard = (isIt: (one: FoundNotice) => boolean): boolean => here.some(isIt) && found.filter(isIt).length >= notice.positions.length;
    return notice.kind === 'rhythm'
      ? isHeard(({ form }) => form === 'rhythm')
      : references.every(({ text }) => isHeard((one) => one.form === 'speech' && one.text === text));
  });
};

/** Whether a notice may have been put at this position: in the middle it stands a tenth of the programme from there at most, and others may stand on one side only. */
const standsAt = (position: SoundNoticePosition, at: number, seconds: number, whole: number): boolean => {
  const rest = whole - at - seconds;
  switch (position) {
    case 'start':
      return at <= EDGE_SECONDS + FOLLOWING_SECONDS;
    case 'end':
      return rest <= EDGE_SECONDS + FOLLOWING_SECONDS;
    case 'middle':
      return Math.abs(at - rest) / 2 <= 0.1 * whole + seconds + FOLLOWING_SECONDS;
  }
};

/** A notice without its place, and where it is heard, in seconds. */
interface Timed {
  readonly at: number;
  readonly seconds: number;
  readonly notice: Omit<FoundNotice, 'position'>;
}

const noticesIn = ({ stretches, seconds }: Heard, references: readonly SpokenReference[]): readonly FoundNotice[] =>
  placed(
    stretches.flatMap(({ start, samples }) => {
      const spectra = spectraOf(samples);
      return [
        ...references.flatMap((reference) => spokenMatches(spectra, reference, SPOKEN_LIKENESS_THRESHOLD)).map((match) => spokenNotice(match, start)),
        ...rhythmMatches(spectra).map((match) => rhythmNotice(match, start)),
      ];
    }),
    seconds,
  );

const spokenNotice = ({ reference, likeness, ...match }: SpokenMatch, start: number): Timed => {
  const { text, characters } = reference;
  const [at, seconds] = [start + match.start, match.seconds];
  const measures = { likeness: rounded(likeness), atSeconds: rounded(at), seconds: rounded(seconds) };
  if (characters === 0) {
    return { at, seconds, notice: { form: 'speech', text, measures } };
  }
  const charactersPerMinute = rounded((characters * 60) / seconds);
  const { least, most, tolerance } = CHARACTERS_PER_MINUTE;
  const required = charactersPerMinute < least * (1 - tolerance) ? least : charactersPerMinute > most * (1 + tolerance) ? most : undefined;
  const broken: Shortfall | undefined =
    required === undefined ? undefined : { measure: 'charactersPerMinute', found: charactersPerMinute, required, clause: CLAUSE.speed };
  return { at, seconds, notice: { form: 'speech', text, measures: { ...measures, charactersPerMinute }, ...shortfall(broken) } };
};

const rhythmNotice = ({ longToShort, ...match }: RhythmMatch, start: number): Timed => {
  const [at, seconds, found] = [start + match.start, match.seconds, rounded(longToShort)];
  const { wanted, tolerance } = LONG_TO_SHORT;
  const isWrong = Math.abs(found - wanted) > tolerance;
  const measures = { longToShort: found, atSeconds: rounded(at), seconds: rounded(seconds) };
  return {
    ...{ at, seconds },
    notice: {
      ...{ form: 'rhythm', text: null, measures },
      ...shortfall(isWrong ? { measure: 'longToShort', found, required: wanted, clause: CLAUSE.rhythm } : undefined),
    },
  };
};

const shortfall = (one: Shortfall | undefined): { readonly shortfalls?: readonly Shortfall[] } => (one === undefined ? {} : { shortfalls: [one] });

/** Clips that follow each other within this are one notice, in seconds: 0.4 part two languages. */
const TOGETHER_SECONDS = 1;

/** Where each stands; clips of one notice stand in one place. */
const placed = (found: readonly Timed[], whole: number): readonly FoundNotice[] => {
  const groups: { at: number; end: number; readonly notices: Timed[] }[] = [];
  for (const one of [...found].sort((a, b) => a.at - b.at)) {
    const group = groups.at(-1);
    if (group !== undefined && one.at - group.end <= TOGETHER_SECONDS && one.at >= group.end) {
      group.notices.push(one);
      group.end = one.at + one.seconds;
    } else {
      groups.push({ at: one.at, end: one.at + one.seconds, notices: [one] });
    }
  }
  return groups.flatMap(({ at, end, notices }) => notices.map(({ notice }) => ({ position: placeOf(at, whole - end), ...notice })));
};

const placeOf = (before: number, behind: number): NoticePlace => {
  if (before <= EDGE_SECONDS && before <= behind) {
    return 'start';
  }
  return behind <= EDGE_SECONDS ? 'end' : 'middle';
};

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
