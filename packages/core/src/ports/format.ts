import type { ByteSource } from '../bytes/source.ts';
import type { Splice } from '../bytes/splice.ts';
import type { ContentPlan } from './content.ts';

/** What a person perceives in a file. */
export type Modality = 'text' | 'image' | 'audio' | 'video';

/** A kind of file; it has never heard of AI, law or keys. A new one is one new file plus a fixture. */
export interface Format {
  /** Stable, lower case: `png`, `mp4`. */
  readonly id: string;
  readonly modality: Modality;
  /** The first is the preferred one. */
  readonly mediaTypes: readonly string[];
  /** With their dot, lower case; the first is the preferred one. */
  readonly extensions: readonly string[];
  /** Where `plan` writes, in the words of the guide that names the place, with its clause. */
  readonly place: Place;
  /**
   * Whether `plan` may answer `NO_PLACE_INSIDE`, so that the label goes into a sidecar (`<name>.xmp`, docs/decisions/0013): `always` or for `some` files of this kind.
   * Such a format still reads what others have put inside.
   */
  readonly sidecar?: 'always' | 'some';
  /**
   * Whether a file that begins with `head` (up to `HEAD_BYTES`, or the whole of a shorter file) is of this kind. Pure; for any head at most one
   * format says yes, those with `recognises` aside. The name of a file decides nothing, save among the textual formats, which have no signature (`textual`).
   */
  matches(head: Uint8Array): boolean;
  /**
   * A second look at a file whose head matches, for kinds that share a container and that no head tells apart (documents in a ZIP archive): for any file at most one
   * format says yes. Bounded; what the bytes say makes it answer no, never throw.
   */
  recognises?(source: ByteSource): Promise<boolean>;
  /** Set on kinds of text that bytes alone cannot tell apart: among these, and only these, an extension or media type may overrule `matches`. */
  readonly textual?: true;
  /**
   * Every place of this container where a label can stand, in the guide's place or not. Bounded reads, bounded memory.
   * Damage is an `Anomaly` beside whatever could still be read. Throws `LabelError` `FILE_DAMAGED`, `LIMIT_EXCEEDED` or `FORMAT_UNSUPPORTED_FEATURE` only where
   * nothing can be said at all.
   */
  read(source: ByteSource): Promise<Slots>;
  /**
   * The edits that leave exactly one slot with `slot.key`, in the guide's place, and every foreign byte as it was. Where the file already says exactly
   * this in the guide's place and nowhere else, no edits.
   * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `CARRIER_FULL`, `FORMAT_UNSUPPORTED_FEATURE` or, where `sidecar` is set, `NO_PLACE_INSIDE`, where a safe edit cannot be proved; never a half-safe plan.
   */
  plan(source: ByteSource, slot: SlotText): Promise<readonly Splice[]>;
  /**
   * What the signed digest covers; the same before and after `plan`. Bounded memory whatever the file says.
   * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED` or `FORMAT_UNSUPPORTED_FEATURE` where it cannot be said what is content and what is metadata.
   */
  content(source: ByteSource): Promise<ContentPlan>;
}

/** The most bytes that `Format.matches` is given. */
export const HEAD_BYTES = 4096;

/** Where a format carries the label, and who says so. */
export interface Place {
  /** For people and documentation: `iTXt "XML:com.adobe.xmp", TC260:AIGC`. */
  readonly description: string;
  /** Guide and clause, or the decision record where no guide names a place. */
  readonly source: string;
  /** `guide`: a rule names it. `decision`: ours, documented. */
  readonly certainty: 'guide' | 'decision';
}

/** What is to be written: a key with its value, both as one text and, for carriers that are mappings themselves, field by field. */
export interface SlotText {
  /** `AIGC`. */
  readonly key: string;
  /** Compact JSON, bare object, printable ASCII. */
  readonly value: string;
  /** The same as a flat mapping, in its order. */
  readonly fields: Readonly<Record<string, string>>;
}

/** One place of a file that holds something under our key. */
export interface Slot {
  readonly key: string;
  /** Stable path of where it stood: `png/iTXt[XML:com.adobe.xmp]/TC260:AIGC`. */
  readonly site: string;
  /** Whether this is where, and as, `plan` would write it. */
  readonly isGuidePlace: boolean;
  /** The text as it stood in the carrier, unescaped once. */
  readonly value: string;
  /** Set where the carrier is a mapping itself (YAML): values as they stood, of whatever type. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Something in the structure that a reader should know of; never an exception. */
export interface Anomaly {
  readonly code: AnomalyCode;
  readonly site: string;
  /** In bytes, where it is known. */
  readonly offset?: number;
  /** For people, English. */
  readonly detail: string;
}

/**
 * `truncated` the file ends inside a structure · `damaged` a structure contradicts itself · `checksum` a stored checksum is wrong ·
 * `trailing_data` bytes after the end of the container · `undecodable` text that should hold a label but cannot be decoded ·
 * `limit` something was too large to be read · `duplicate_structure` a structure that may stand once stands twice ·
 * `foreign_sidecar` the sidecar beside the file belongs to other content · `foreign_bytes` bytes in a place for metadata that are none, found while the signed content was looked at.
 */
export type AnomalyCode =
  | 'truncated'
  | 'damaged'
  | 'checksum'
  | 'trailing_data'
  | 'undecodable'
  | 'limit'
  | 'duplicate_structure'
  | 'foreign_sidecar'
  | 'foreign_bytes';

/** What `Format.read` found. */
export interface Slots {
  readonly found: readonly Slot[];
  readonly anomalies: readonly Anomaly[];
}
