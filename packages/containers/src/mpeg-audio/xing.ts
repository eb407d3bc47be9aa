// The Xing header (Xing "VBR Header SDK"), and LAME's extension of it (gabriel.mp3-tech.org "Mp3 Info Tag", revision 1).
import { ascii, latin1, startsWith, viewOf } from '@aigc-label/core';
import { crc16 } from './crc16.ts';
import { parseMpegAudioFrame } from './mpeg-audio-frame.ts';

/** What a Xing frame says; offsets are of the frame. */
export interface XingFrame {
  readonly framesAt: number | undefined;
  readonly bytesAt: number | undefined;
  readonly tocAt: number | undefined;
  readonly lame: LameTag | undefined;
}

/** LAME's extension. */
export interface LameTag {
  /** Samples that a player is to skip at the start, less the 529 of its own decoder; and at the end. */
  readonly delay: number;
  readonly padding: number;
  readonly musicBytesAt: number;
  readonly musicChecksumAt: number;
  readonly checksumAt: number;
  /** Of how many bytes it is the checksum, itself taken for 0; `undefined` where it is right for none. */
  readonly checkedBytes: number | undefined;
}

/** Entries of a table of contents. */
const TOC_ENTRIES = 100;

/** Reads the first frame of a file; `undefined` where it is sound, and no table. */
export const parseXingFrame = (frame: Uint8Array): XingFrame | undefined => {
  const header = parseMpegAudioFrame(frame, 0);
  if (header === undefined || header.layer !== 3) {
    return undefined;
  }
  // Writers count from the header, whether or not there is a checksum.
  const at = [header.mainDataAt, header.mainDataAt - header.sideInfoAt + 4].find((place) => TAGS.some((tag) => startsWith(frame, tag, place)));
  if (at === undefined || at + 8 > frame.length) {
    return undefined;
  }
  const flags = viewOf(frame).getUint32(at + 4);
  let position = at + 8;
  const take = (flag: number, length: number): number | undefined => {
    const start = position;
    position += (flags & flag) === 0 ? 0 : length;
    return (flags & flag) === 0 || position > frame.length ? undefined : start;
  };
  const framesAt = take(1, 4);
  const bytesAt = take(2, 4);
  const tocAt = take(4, TOC_ENTRIES);
  take(8, 4);
  return { framesAt, bytesAt, tocAt, lame: lameAt(frame, position) };
};

const TAGS = [ascii('Xing'), ascii('Info')];
const LAME_BYTES = 36;
/** Whoever writes the extension names himself at its start. */
const ENCODERS: readonly string[] = ['LAME', 'L3.9', 'Lavf', 'Lavc', 'GOGO'];
/** LAME counts up to the checksum; ffmpeg always so many, with zeros behind a shorter frame, which is the same for MPEG-1 in stereo only. */
const FFMPEG_CHECKED_BYTES = 190;

const lameAt = (frame: Uint8Array, at: number): LameTag | undefined => {
  const checksumAt = at + LAME_BYTES - 2;
  if (checksumAt + 2 > frame.length || !ENCODERS.includes(latin1(frame.subarray(at, at + 4)))) {
    return undefined;
  }
  const stored = viewOf(frame).getUint16(checksumAt);
  const checkedBytes = [checksumAt, FFMPEG_CHECKED_BYTES].find((length) => checksumOf(frame, checksumAt, length) === stored);
  const [a = 0, b = 0, c = 0] = frame.subarray(at + 21, at + 24);
  return { delay: (a << 4) | (b >>> 4), padding: ((b & 15) << 8) | c, musicBytesAt: at + 28, musicChecksumAt: at + 32, checksumAt, checkedBytes };
};

const checksumOf = (frame: Uint8Array, checksumAt: number, length: number): number => {
  const bytes = new Uint8Array(Math.max(length, frame.length));
  bytes.set(frame);
  bytes.fill(0, checksumAt, checksumAt + 2);
  return crc16(bytes.subarray(0, length));
};

/** What becomes of a stream. */
export interface GrownStream {
  readonly addedFrames: number;
  readonly addedBytes: number;
  /** Bytes of the stream with this frame. */
  readonly sizeBytes: number;
  /** Where the frame at this share of all stands, from the start of this frame on. */
  readonly offsetAt: (share: number) => number;
  /** Of the sound, where it was right before and is known. */
  readonly musicChecksum: number | undefined;
}

/** The frame for the grown stream. */
export const grownXingFrame = (frame: Uint8Array, xing: XingFrame, grown: GrownStream): Uint8Array => {
  const bytes = frame.slice();
  const view = viewOf(bytes);
  const add = (at: number | undefined, more: number): void => {
    if (at !== undefined) {
      view.setUint32(at, Math.min(0xffff_ffff, view.getUint32(at) + more));
    }
  };
  add(xing.framesAt, grown.addedFrames);
  add(xing.bytesAt, grown.addedBytes);
  for (let entry = 0; xing.tocAt !== undefined && entry < TOC_ENTRIES; entry += 1) {
    bytes[xing.tocAt + entry] = Math.max(0, Math.min(255, Math.floor((256 * grown.offsetAt(entry / TOC_ENTRIES)) / grown.sizeBytes)));
  }
  if (xing.lame !== undefined) {
    add(xing.lame.musicBytesAt, grown.addedBytes);
    if (grown.musicChecksum !== undefined) {
      view.setUint16(xing.lame.musicChecksumAt, grown.musicChecksum);
    }
    const { checksumAt, checkedBytes } = xing.lame;
    if (checkedBytes !== undefined) {
      view.setUint16(checksumAt, checksumOf(bytes, checksumAt, checkedBytes));
    }
  }
  return bytes;
};
