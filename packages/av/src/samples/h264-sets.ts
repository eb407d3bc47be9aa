import { concat, equalBytes, u16be } from '@aigc-label/core';
import { bitReader, withoutEmulation } from './bits.ts';
import { unfit } from './unfit.ts';

/** `avcC` (ISO/IEC 14496-15 §5.3.3.1): the parameter sets of an H.264 track. */
export interface AvcConfiguration {
  readonly profile: number;
  readonly compatibility: number;
  readonly level: number;
  /** Of the lengths before NAL units, in bytes. */
  readonly lengthSize: number;
  readonly sequenceSets: readonly Uint8Array[];
  readonly pictureSets: readonly Uint8Array[];
  /** What follows the sets: chroma format, bit depths and extensions of the High profiles. */
  readonly tail: Uint8Array;
}

/** Profiles of which `avcC` has a tail, and sequence sets a chroma format (H.264 §7.3.2.1.1). */
const HIGH_PROFILES: ReadonlySet<number> = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/** Profiles that contain those before them, as far as encoders write them. */
const RISING_PROFILES: readonly number[] = [66, 77, 100, 110, 122, 244];

/** Reads an `avcC`; `undefined` where it is cut. */
export const parseAvcConfiguration = (bytes: Uint8Array): AvcConfiguration | undefined => {
  let at = 6;
  let isWhole = bytes.length >= 7 && bytes[0] === 1;
  const sets = (count: number): readonly Uint8Array[] =>
    Array.from({ length: count }, () => {
      const size = (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
      const set = bytes.slice(at + 2, at + 2 + size);
      isWhole &&= set.length === size && size > 0;
      at += 2 + size;
      return set;
    });
  const sequenceSets = isWhole ? sets((bytes[5] ?? 0) & 31) : [];
  const pictureCount = bytes[at];
  at += 1;
  const pictureSets = isWhole ? sets(pictureCount ?? 0) : [];
  return isWhole && pictureCount !== undefined
    ? {
        profile: bytes[1] ?? 0,
        compatibility: bytes[2] ?? 0,
        level: bytes[3] ?? 0,
        lengthSize: ((bytes[4] ?? 0) & 3) + 1,
        sequenceSets,
        pictureSets,
        tail: bytes.slice(at),
      }
    : undefined;
};

/** What decoders must agree on about a sequence set. */
interface SequenceSet {
  readonly id: number;
  readonly profile: number;
  readonly chromaFormat: number;
  readonly lumaBits: number;
  readonly chromaBits: number;
}

const parseSequenceSet = (nal: Uint8Array): SequenceSet => {
  const reader = bitReader(withoutEmulation(nal.subarray(1)));
  const profile = reader.read(8);
  reader.skip(16);
  const id = reader.readGolomb();
  if (!HIGH_PROFILES.has(profile)) {
    return { id, profile, chromaFormat: 1, lumaBits: 8, chromaBits: 8 };
  }
  const chromaFormat = reader.readGolomb();
  reader.skip(chromaFormat === 3 ? 1 : 0);
  return { id, profile, chromaFormat, lumaBits: 8 + reader.readGolomb(), chromaBits: 8 + reader.readGolomb() };
};

const pictureSetId = (nal: Uint8Array): number => bitReader(withoutEmulation(nal.subarray(1, 9))).readGolomb();

/**
 * One `avcC` for the pictures of both: the sets of `added` stand behind those of `kept`.
 *
 * @throws LabelError `NOTICE_UNSUPPORTED` where an id stands for two different sets, or where chroma format or bit depth differ.
 */
export const joinAvcConfigurations = (kept: AvcConfiguration, added: AvcConfiguration): Uint8Array => {
  const formats = [...kept.sequenceSets, ...added.sequenceSets].map(parseSequenceSet);
  const [format] = formats;
  if (
    format !== undefined &&
    formats.some(
      ({ chromaFormat, lumaBits, chromaBits }) =>
        chromaFormat !== format.chromaFormat || lumaBits !== format.lumaBits || chromaBits !== format.chromaBits,
    )
  ) {
    throw unfit('parameters', 'the new pictures have another chroma format or bit depth');
  }
  const sequenceSets = joinedSets(kept.sequenceSets, added.sequenceSets, (nal) => parseSequenceSet(nal).id);
  const pictureSets = joinedSets(kept.pictureSets, added.pictureSets, pictureSetId);
  if (sequenceSets.length > 31 || pictureSets.length > 255) {
    throw unfit('parameters', 'there are too many parameter sets');
  }
  const profile = joinedProfile(kept.profile, added.profile);
  const tail = HIGH_PROFILES.has(profile) && kept.tail.length === 0 ? tailOf(format) : kept.tail;
  return concat(
    Uint8Array.of(1, profile, kept.compatibility & added.compatibility, Math.max(kept.level, added.level), 0xfc | (kept.lengthSize - 1)),
    Uint8Array.of(0xe0 | sequenceSets.length),
    ...sequenceSets.flatMap((set) => [u16be(set.length), set]),
    Uint8Array.of(pictureSets.length),
    ...pictureSets.flatMap((set) => [u16be(set.length), set]),
    tail,
  );
};

const joinedSets = (kept: readonly Uint8Array[], added: readonly Uint8Array[], idOf: (nal: Uint8Array) => number): readonly Uint8Array[] => {
  const fresh = added.filter((set) => !kept.some((one) => equalBytes(one, set)));
  const taken = new Set(kept.map(idOf));
  if (fresh.some((set) => taken.has(idOf(set)))) {
    throw unfit('parameters', 'a parameter set of the new pictures has the id of another one');
  }
  return [...kept, ...fresh];
};

const joinedProfile = (kept: number, added: number): number => {
  const [one, other] = [RISING_PROFILES.indexOf(kept), RISING_PROFILES.indexOf(added)];
  if (kept !== added && (one < 0 || other < 0)) {
    throw unfit('parameters', `profiles ${kept} and ${added} have no common one`);
  }
  return one > other ? kept : added;
};

const tailOf = (format: SequenceSet | undefined): Uint8Array =>
  Uint8Array.of(0xfc | (format?.chromaFormat ?? 1), 0xf8 | ((format?.lumaBits ?? 8) - 8), 0xf8 | ((format?.chromaBits ?? 8) - 8), 0);
