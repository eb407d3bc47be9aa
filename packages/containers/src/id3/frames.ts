// Frame headers: id3v2-00 §3.2, id3v2.3.0 §3.3, id3v2.4.0-structure §4.
import { fromSyncsafe, type Id3Header } from './header.ts';
import type { TagBytes } from './tag-bytes.ts';

/** A tag with more frames than this is not an honest one (a long podcast has some hundred chapters), and each costs a read. */
export const MAXIMUM_ID3_FRAMES: number = 10_000;

/** How far behind the last frame zeros are looked for; the most padding that a label may be put into is half of it. */
export const PADDING_WINDOW_BYTES: number = 16 << 10;

/** A frame, in offsets inside the tag. */
export interface RawFrame {
  readonly id: string;
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
  /** The second byte of flags; 0 in 2.2. */
  readonly formatFlags: number;
}

/** The frames of a tag, as far as they could be followed. */
export interface FrameWalk {
  readonly frames: readonly RawFrame[];
  /** Where the last frame ends and padding begins. */
  readonly framesEnd: number;
  /** Zeros after it, as far as was looked (`PADDING_WINDOW_BYTES`). */
  readonly zeros: number;
  /** Whether the sizes of 2.4 frames are plain numbers, as old iTunes wrote them. */
  readonly hasPlainSizes: boolean;
  /** Set where the frames do not add up: what is wrong at `framesEnd`. */
  readonly problem: string | undefined;
}

/** Follows the frames from `start` (behind the extended header) to padding or the end of the tag. */
export const walkFrames = async (bytes: TagBytes, header: Id3Header, start: number): Promise<FrameWalk> => {
  const asSpecified = await walk(bytes, header.version, start, false);
  if (asSpecified.problem !== undefined ? header.version !== 4 : isClean(asSpecified, bytes)) {
    return asSpecified;
  }
  if (header.version !== 4) {
    // With unsynchronisation, a frame that goes may leave its neighbour's last 0xFF before a zero, which is then decoded away: harmless in padding only.
    return header.isUnsynchronised ? { ...asSpecified, problem: JUNK } : asSpecified;
  }
  // iTunes before 2009 wrote plain sizes; they are believed only where they alone make the tag add up.
  const asPlain = await walk(bytes, header.version, start, true);
  if (asPlain.problem === undefined && isClean(asPlain, bytes)) {
    return asPlain;
  }
  // Neither adds up to the last byte: which of the two a reader settles on may change with the next edit, so that none is safe.
  return { ...asSpecified, problem: asSpecified.problem ?? JUNK };
};

const JUNK = 'what stands behind the last frame is neither a frame nor padding';

/** The length in bytes of a frame's header. */
export const frameHeaderBytes = (version: Id3Header['version']): number => (version === 2 ? 6 : 10);

const isClean = (walked: FrameWalk, bytes: TagBytes): boolean => walked.zeros === Math.min(PADDING_WINDOW_BYTES, bytes.size - walked.framesEnd);

const walk = async (bytes: TagBytes, version: Id3Header['version'], start: number, hasPlainSizes: boolean): Promise<FrameWalk> => {
  const frames: RawFrame[] = [];
  const headerBytes = frameHeaderBytes(version);
  let position = start;
  let problem: string | undefined;
  while (position < bytes.size) {
    const head = await bytes.read(position, Math.min(headerBytes, bytes.size - position));
    if (head[0] === 0) {
      break;
    }
    const frame = parseFrame(head, version, position, hasPlainSizes);
    if (frame === undefined || frame.end > bytes.size) {
      problem = frame === undefined ? 'there is no frame header where one must stand' : `frame ${frame.id} reaches beyond its tag`;
      break;
    }
    if (frames.length === MAXIMUM_ID3_FRAMES) {
      problem = `the tag has more than ${MAXIMUM_ID3_FRAMES} frames`;
      break;
    }
    frames.push(frame);
    position = frame.end;
  }
  const zeros = problem === undefined ? leadingZeros(await bytes.read(position, Math.min(PADDING_WINDOW_BYTES, bytes.size - position))) : 0;
  return { frames, framesEnd: position, zeros, hasPlainSizes, problem };
};

const parseFrame = (head: Uint8Array, version: Id3Header['version'], start: number, hasPlainSizes: boolean): RawFrame | undefined => {
  const idLength = version === 2 ? 3 : 4;
  const headerBytes = frameHeaderBytes(version);
  const idBytes = head.subarray(0, idLength);
  if (head.length < headerBytes || !idBytes.every((byte) => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x30 && byte <= 0x39))) {
    return undefined;
  }
  const sizeField = head.subarray(idLength, idLength === 3 ? 6 : 8);
  const size = version === 4 && !hasPlainSizes ? fromSyncsafe(sizeField) : sizeField.reduce((total, byte) => total * 256 + byte, 0);
  if (size === undefined) {
    return undefined;
  }
  const contentStart = start + headerBytes;
  return {
    id: String.fromCharCode(...idBytes),
    start,
    contentStart,
    end: contentStart + size,
    formatFlags: version === 2 ? 0 : (head[9] ?? 0),
  };
};

const leadingZeros = (bytes: Uint8Array): number => {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? bytes.length : first;
};
