// The VBRI header of Fraunhofer's encoder: codeproject.com "MPEG Audio Frame Header" §2.3.2.
import { ascii, startsWith, viewOf } from '@aigc-label/core';
import { parseMpegAudioFrame } from './mpeg-audio-frame.ts';
import type { GrownStream } from './xing.ts';

/** It stands where the side information of an MPEG-1 stereo frame ends, whatever the frame is. */
const VBRI_AT = 36;
const TABLE_AT = VBRI_AT + 26;

/** A VBRI frame. */
export interface VbriFrame {
  readonly entries: number;
  readonly entryBytes: number;
}

/** Reads the first frame of a file; `undefined` where it holds no such header. */
export const parseVbriFrame = (frame: Uint8Array): VbriFrame | undefined => {
  if (!startsWith(frame, ascii('VBRI'), VBRI_AT) || frame.length < TABLE_AT || parseMpegAudioFrame(frame, 0)?.layer !== 3) {
    return undefined;
  }
  const view = viewOf(frame);
  const [entries, entryBytes] = [view.getUint16(VBRI_AT + 18), view.getUint16(VBRI_AT + 22)];
  return entryBytes >= 1 && entryBytes <= 4 && TABLE_AT + entries * entryBytes <= frame.length ? { entries, entryBytes } : undefined;
};

/** The frame for the grown stream: the table keeps its number of entries, each of which then stands for more frames. */
export const grownVbriFrame = (frame: Uint8Array, { entries, entryBytes }: VbriFrame, grown: GrownStream): Uint8Array => {
  const bytes = frame.slice();
  const view = viewOf(bytes);
  const frames = view.getUint32(VBRI_AT + 14) + grown.addedFrames;
  view.setUint32(VBRI_AT + 10, Math.min(0xffff_ffff, view.getUint32(VBRI_AT + 10) + grown.addedBytes));
  view.setUint32(VBRI_AT + 14, frames);
  if (entries === 0) {
    return bytes;
  }
  const framesPerEntry = Math.max(1, Math.ceil(frames / entries));
  const sizes = Array.from(
    { length: entries },
    (_, entry) => positionOf(grown, frames, (entry + 1) * framesPerEntry) - positionOf(grown, frames, entry * framesPerEntry),
  );
  const scale = Math.max(1, Math.ceil(Math.max(...sizes) / (256 ** entryBytes - 1)));
  view.setUint16(VBRI_AT + 20, Math.min(0xffff, scale));
  view.setUint16(VBRI_AT + 24, Math.min(0xffff, framesPerEntry));
  for (const [entry, size] of sizes.entries()) {
    let value = Math.round(size / scale);
    for (let byte = entryBytes - 1; byte >= 0; byte -= 1, value = Math.floor(value / 256)) {
      bytes[TABLE_AT + entry * entryBytes + byte] = value % 256;
    }
  }
  return bytes;
};

const positionOf = (grown: GrownStream, frames: number, frame: number): number =>
  frame >= frames ? grown.sizeBytes : grown.offsetAt(frame / frames);
