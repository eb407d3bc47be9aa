// GB 45438-2025 §5.3: what must be heard, where, and how fast.
import type { ByteSource, FoundNotice, NoticeFinder, NoticePlace, Shortfall } from '@aigc-label/core';
import { SOUND_NOTICE_FORMATS } from '../../notice-formats.ts';
import type { ResolvedSoundNotice, SoundNoticePosition } from '../sound-notice-options.ts';
import { type Heard, listen } from './listen.ts';
import { referencesOf, shippedReference } from './references.ts';
import { type RhythmMatch, rhythmMatches } from './rhythm-match.ts';
import { spectraOf } from './spectra.ts';
import { type SpokenMatch, type SpokenReference, spokenMatches } from './speech-match.ts';

/** From this likeness on it is our clip; docs/decisions tells what was measured. */
export const SPOKEN_LIKENESS_THRESHOLD = 0.75;

/** What begins this early, or ends this late, stands at the start, or at the end; in seconds. */
const EDGE_SECONDS = 3;

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

const noticesIn = ({ stretches, seconds }: Heard, references: readonly SpokenReference[]): readonly FoundNotice[] => {
  const found: FoundNotice[] = [];
  for (const { start, samples } of stretches) {
    const spectra = spectraOf(samples);
    found.push(
      ...references
        .flatMap((reference) => spokenMatches(spectra, reference, SPOKEN_LIKENESS_THRESHOLD))
        .map((match) => spokenNotice(match, start, seconds)),
    );
    found.push(...rhythmMatches(spectra).map((match) => rhythmNotice(match, start, seconds)));
  }
  return found.sort((a, b) => (a.measures?.atSeconds ?? 0) - (b.measures?.atSeconds ?? 0));
};

const spokenNotice = ({ reference, likeness, ...match }: SpokenMatch, start: number, whole: number): FoundNotice => {
  const { text, characters } = reference;
  const [atSeconds, seconds] = [start + match.start, match.seconds];
  const common = { likeness: rounded(likeness), atSeconds: rounded(atSeconds), seconds: rounded(seconds) };
  const position = placeOf(atSeconds, seconds, whole);
  if (characters === 0) {
    return { position, form: 'speech', text, measures: common };
  }
  const perMinute = (characters * 60) / seconds;
  const { least, most, tolerance } = CHARACTERS_PER_MINUTE;
  const required = perMinute < least * (1 - tolerance) ? least : perMinute > most * (1 + tolerance) ? most : undefined;
  return {
    ...{ position, form: 'speech', text, measures: { ...common, charactersPerMinute: rounded(perMinute) } },
    ...shortfall(required === undefined ? undefined : { measure: 'charactersPerMinute', found: rounded(perMinute), required, clause: CLAUSE.speed }),
  };
};

const rhythmNotice = ({ longToShort, ...match }: RhythmMatch, start: number, whole: number): FoundNotice => {
  const [atSeconds, seconds] = [start + match.start, match.seconds];
  const { wanted, tolerance } = LONG_TO_SHORT;
  const isWrong = Math.abs(longToShort - wanted) > tolerance;
  return {
    position: placeOf(atSeconds, seconds, whole),
    form: 'rhythm',
    text: null,
    measures: { longToShort: rounded(longToShort), atSeconds: rounded(atSeconds), seconds: rounded(seconds) },
    ...shortfall(isWrong ? { measure: 'longToShort', found: rounded(longToShort), required: wanted, clause: CLAUSE.rhythm } : undefined),
  };
};

const shortfall = (one: Shortfall | undefined): { readonly shortfalls?: readonly Shortfall[] } => (one === undefined ? {} : { shortfalls: [one] });

/** The second clip of a notice in two languages stands where the first does. */
const placeOf = (at: number, seconds: number, whole: number): NoticePlace => {
  if (at <= EDGE_SECONDS + FOLLOWING_SECONDS && at <= whole - at - seconds) {
    return 'start';
  }
  return whole - at - seconds <= EDGE_SECONDS + FOLLOWING_SECONDS ? 'end' : 'middle';
};

/** A clip before it, or behind it, and the pause between. */
const FOLLOWING_SECONDS = 5;

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
