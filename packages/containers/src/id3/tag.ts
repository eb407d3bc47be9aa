// ID3v2.2, 2.3 and 2.4 tags: id3v2-00, id3v2.3.0, id3v2.4.0-structure.
import type { Anomaly, ByteSource } from '@aigc-label/core';
import { DESCRIPTION_WINDOW_BYTES, type DescribedText, describedText, hasDescription } from './described-text.ts';
import { NO_EXTENDED_HEADER, readExtendedHeader } from './extended-header.ts';
import { type FrameWalk, type RawFrame, walkFrames } from './frames.ts';
import { ID3_HEADER_BYTES, type Id3Header, id3TotalBytes, parseId3Header } from './header.ts';
import { type TagBytes, tagBytes } from './tag-bytes.ts';
import { resynchronise } from './unsynchronisation.ts';

/** The longest text that is read from one frame, in bytes. */
export const MAXIMUM_ID3_TEXT_BYTES: number = 64 << 10;

/** More described frames than this with one description are counted but not read, so that a tag costs no more than four of its longest texts. */
const MAXIMUM_READ_BYTES = 256 << 10;

/** A frame with the description that was asked for. */
export interface Id3Match {
  /** `TXXX` or `COMM`, by the names of 2.3 and 2.4. */
  readonly kind: 'TXXX' | 'COMM';
  readonly id: string;
  /** Where the frame stands in the file. */
  readonly start: number;
  readonly end: number;
  /** `undefined` where the text is too long or cannot be decoded. */
  readonly text: string | undefined;
}

/** An ID3v2 tag and what is needed to edit it; offsets are of the file. */
export interface Id3Tag {
  readonly header: Id3Header;
  readonly start: number;
  readonly end: number;
  /** Where the first frame stands, or would. */
  readonly firstFrameAt: number;
  readonly framesEnd: number;
  readonly frameCount: number;
  /** Zeros that follow the last frame, as far as was looked. */
  readonly zeros: number;
  /** Whether these zeros fill the rest of the tag. */
  readonly isZeroToTheEnd: boolean;
  readonly hasPlainSizes: boolean;
  readonly hasChecksum: boolean;
  readonly restrictions: number | undefined;
  readonly matches: readonly Id3Match[];
  /** Set where the structure was not understood to its end, so that no edit is safe. */
  readonly problem: { readonly offset: number; readonly what: string } | undefined;
  readonly anomalies: readonly Anomaly[];
}

/**
 * Reads the ID3v2 tag whose header stands at `start`, or `undefined` where there is none of a known version.
 *
 * @param description of the TXXX and COMM frames whose text is wanted, ASCII. @param site for anomalies: `id3v2`.
 * @throws LabelError `LIMIT_EXCEEDED` where a wholly unsynchronised tag is too large to be decoded in memory.
 */
export const readId3Tag = async (source: ByteSource, start: number, description: string, site: string): Promise<Id3Tag | undefined> => {
  const head = await source.read(start, Math.min(ID3_HEADER_BYTES, Math.max(0, source.size - start)));
  const header = parseId3Header(head);
  if (header === undefined) {
    return undefined;
  }
  const inside = start + ID3_HEADER_BYTES;
  const announcedEnd = start + id3TotalBytes(header);
  const bytes = await tagBytes(source, header, inside, Math.min(inside + header.sizeBytes, source.size));
  const anomalies: Anomaly[] = [];
  const extended = await readExtendedHeader(bytes, header);
  const framesStart = (extended ?? NO_EXTENDED_HEADER).sizeBytes;
  const walked = extended === undefined ? NOTHING : await walkFrames(bytes, header, framesStart);
  const framesEnd = bytes.fileOffset(walked.framesEnd);
  const problem = problemOf(header, announcedEnd, source.size, extended === undefined, walked.problem);
  if (problem !== undefined) {
    anomalies.push({ code: announcedEnd > source.size ? 'truncated' : 'damaged', site, offset: framesEnd, detail: problem });
  }
  return {
    header,
    start,
    end: Math.min(announcedEnd, source.size),
    firstFrameAt: bytes.fileOffset(framesStart),
    framesEnd,
    frameCount: walked.frames.length,
    zeros: walked.zeros,
    isZeroToTheEnd: walked.zeros === bytes.size - walked.framesEnd,
    hasPlainSizes: walked.hasPlainSizes,
    hasChecksum: extended?.hasChecksum ?? false,
    restrictions: extended?.restrictions,
    matches: await matchesIn(bytes, header, walked.frames, description, site, anomalies),
    problem: problem === undefined ? undefined : { offset: framesEnd, what: problem },
    anomalies,
  };
};

const NOTHING: FrameWalk = { frames: [], framesEnd: 0, zeros: 0, hasPlainSizes: false, problem: undefined };

const problemOf = (header: Id3Header, end: number, size: number, badExtended: boolean, problem: string | undefined): string | undefined => {
  if (end > size) {
    return `the tag announces ${header.sizeBytes} bytes and the file ends before`;
  }
  if (header.unknownFlags) {
    return `the tag has flags (0x${header.flags.toString(16)}) that version 2.${header.version} does not define`;
  }
  return badExtended ? 'the extended header contradicts itself' : problem;
};

const KINDS: Readonly<Record<string, Id3Match['kind']>> = { TXXX: 'TXXX', TXX: 'TXXX', COMM: 'COMM', COM: 'COMM' };

const matchesIn = async (
  bytes: TagBytes,
  header: Id3Header,
  frames: readonly RawFrame[],
  description: string,
  site: string,
  anomalies: Anomaly[],
): Promise<readonly Id3Match[]> => {
  const matches: Id3Match[] = [];
  let budget = MAXIMUM_READ_BYTES;
  for (const frame of frames) {
    const kind = Object.hasOwn(KINDS, frame.id) ? KINDS[frame.id] : undefined;
    const layout = kind === undefined ? undefined : layoutOf(header, frame);
    if (kind === undefined) {
      continue;
    }
    if (layout === undefined) {
      // Whose it is cannot be told: its description is inside.
      anomalies.push({ code: 'undecodable', site, offset: bytes.fileOffset(frame.start), detail: `${frame.id} is compressed or encrypted` });
      continue;
    }
    const content = (length: number): Promise<Uint8Array> => contentOf(bytes, frame, layout, length);
    if (!hasDescription(await content(DESCRIPTION_WINDOW_BYTES), description, kind === 'COMM')) {
      continue;
    }
    const length = frame.end - frame.contentStart;
    const isTooLong = length > MAXIMUM_ID3_TEXT_BYTES || length > budget;
    const described: DescribedText = isTooLong ? { kind: 'undecodable' } : describedText(await content(length), description, kind === 'COMM');
    budget -= isTooLong ? 0 : length;
    const start = bytes.fileOffset(frame.start);
    matches.push({ kind, id: frame.id, start, end: bytes.fileOffset(frame.end), text: described.kind === 'text' ? described.text : undefined });
    if (described.kind !== 'text') {
      const detail = isTooLong ? `${frame.id} ${description} holds ${length} bytes` : `${frame.id} ${description} is not text in its own encoding`;
      anomalies.push({ code: isTooLong ? 'limit' : 'undecodable', site, offset: start, detail });
    }
  }
  return matches;
};

interface Layout {
  /** Bytes between the frame header and the text: group, data length. */
  readonly prefixBytes: number;
  readonly isUnsynchronised: boolean;
}

/** How the content of a frame is wrapped; `undefined` where it is compressed or encrypted, and thus not ours. */
const layoutOf = (header: Id3Header, frame: RawFrame): Layout | undefined => {
  const flags = frame.formatFlags;
  if (header.version === 4) {
    // §4.1.2: %0h00kmnp grouping, compression, encryption, unsynchronisation, data length.
    const prefixBytes = ((flags & 0x40) !== 0 ? 1 : 0) + ((flags & 0x01) !== 0 ? 4 : 0);
    return (flags & 0x0c) !== 0 ? undefined : { prefixBytes, isUnsynchronised: header.isUnsynchronised || (flags & 0x02) !== 0 };
  }
  // 2.3 §3.3.1: %ijk00000 compression, encryption, grouping.
  return (flags & 0xc0) !== 0 ? undefined : { prefixBytes: (flags & 0x20) !== 0 ? 1 : 0, isUnsynchronised: false };
};

const contentOf = async (bytes: TagBytes, frame: RawFrame, layout: Layout, length: number): Promise<Uint8Array> => {
  const raw = await bytes.read(frame.contentStart, Math.min(length + layout.prefixBytes, frame.end - frame.contentStart));
  const content = raw.subarray(layout.prefixBytes);
  return layout.isUnsynchronised ? resynchronise(content).bytes : content;
};
