// Times inside ID3v2 frames: "ID3v2 Chapter Frame Addendum" §3.1 (CHAP); id3v2.4.0-frames §4.2.3 (TLEN), §4.5 (ETCO), §4.9 (SYLT).
import { type ByteSource, latin1, type Splice, viewOf } from '@aigc-label/core';
import { NO_EXTENDED_HEADER, readExtendedHeader } from './extended-header.ts';
import { walkFrames } from './frames.ts';
import { ID3_HEADER_BYTES, parseId3Header } from './header.ts';
import { tagBytes } from './tag-bytes.ts';

/** A stretch that comes into a recording. */
export interface AddedTime {
  /** When, in the recording as it was, in milliseconds. */
  readonly at: number;
  readonly length: number;
  /** Where in the file as it was, and how many bytes. */
  readonly atByte: number;
  readonly bytes: number;
}

/** A song's words with their times take tens of thousands of bytes. */
const MAXIMUM_FRAME_BYTES = 1 << 20;

/** A number that says that there is none. */
const NONE = 0xffff_ffff;

/**
 * The splices after which chapters, events and words of the tag whose header stands at `start` point at the sound that they pointed at before; none changes its length. Tags that are
 * unsynchronised or have a checksum stay as they are.
 *
 * @throws LabelError as `readId3Tag` does.
 */
export const laterId3Times = async (source: ByteSource, start: number, added: readonly AddedTime[]): Promise<readonly Splice[]> => {
  const header = parseId3Header(await source.read(start, Math.min(ID3_HEADER_BYTES, source.size - start)));
  if (header === undefined || header.unknownFlags || header.isUnsynchronised) {
    return [];
  }
  const inside = start + ID3_HEADER_BYTES;
  const bytes = await tagBytes(source, header, inside, Math.min(inside + header.sizeBytes, source.size));
  const extended = (await readExtendedHeader(bytes, header)) ?? NO_EXTENDED_HEADER;
  const { frames, problem } = await walkFrames(bytes, header, extended.sizeBytes);
  if (problem !== undefined || extended.hasChecksum) {
    return [];
  }
  const splices: Splice[] = [];
  for (const frame of frames) {
    const later = LATER[frame.id];
    const length = frame.end - frame.contentStart;
    if (later !== undefined && frame.formatFlags === 0 && length <= MAXIMUM_FRAME_BYTES) {
      const before = await bytes.read(frame.contentStart, length);
      const insert = before.slice();
      later(insert, added);
      if (insert.some((byte, index) => byte !== before[index])) {
        splices.push({ at: bytes.fileOffset(frame.contentStart), remove: length, insert });
      }
    }
  }
  return splices;
};

/** Where a moment of the recording is now; what begins where the stretch does holds it. */
const moved = (time: number, added: readonly AddedTime[]): number =>
  Math.min(NONE - 1, Math.round(added.reduce((sum, { at, length }) => (time > at ? sum + length : sum), time)));

const moveAt = (content: Uint8Array, at: number, added: readonly AddedTime[]): void => {
  const view = viewOf(content);
  if (at + 4 <= content.length && view.getUint32(at) !== NONE) {
    view.setUint32(at, moved(view.getUint32(at), added));
  }
};

const chapter = (content: Uint8Array, added: readonly AddedTime[]): void => {
  const at = content.indexOf(0) + 1;
  if (at > 0 && at + 16 <= content.length) {
    moveAt(content, at, added);
    moveAt(content, at + 4, added);
    const bytes = added.map((one) => ({ ...one, at: one.atByte - 1, length: one.bytes }));
    moveAt(content, at + 8, bytes);
    moveAt(content, at + 12, bytes);
  }
};

const MILLISECONDS = 2;

const events = (content: Uint8Array, added: readonly AddedTime[]): void => {
  for (let at = 2; content[0] === MILLISECONDS && at + 4 <= content.length; at += 5) {
    moveAt(content, at, added);
  }
};

/** Encoding, language, format of times, kind; then a description, and texts each with a time. */
const words = (content: Uint8Array, added: readonly AddedTime[]): void => {
  const width = content[0] === 1 || content[0] === 2 ? 2 : 1;
  const endOfText = (from: number): number => {
    let at = from;
    while (at + width <= content.length && (content[at] !== 0 || (width === 2 && content[at + 1] !== 0))) {
      at += width;
    }
    return at + width;
  };
  for (let at = endOfText(6); content[4] === MILLISECONDS && at < content.length; at += 4) {
    at = endOfText(at);
    moveAt(content, at, added);
  }
};

/** The length of the whole, as digits; only where it has as many then. */
const length = (content: Uint8Array, added: readonly AddedTime[]): void => {
  const digits = /^[0-9]{1,12}/.exec(latin1(content.subarray(1)))?.[0];
  const more = Math.round(added.reduce((sum, one) => sum + one.length, 0));
  const now = digits === undefined ? '' : String(Number(digits) + more);
  if (now.length === digits?.length && (content[0] === 0 || content[0] === 3)) {
    content.set(
      Uint8Array.from(now, (digit) => digit.charCodeAt(0)),
      1,
    );
  }
};

const LATER: Readonly<Record<string, (content: Uint8Array, added: readonly AddedTime[]) => void>> = {
  CHAP: chapter,
  ETCO: events,
  ETC: events,
  SYLT: words,
  SLT: words,
  TLEN: length,
  TLE: length,
};
