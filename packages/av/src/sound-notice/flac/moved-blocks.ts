// Metadata blocks that name samples: SEEKTABLE (RFC 9639 §8.5) and CUESHEET (§8.7).
import { viewOf } from '@aigc-label/core';
import { type FrameInsertion, movedFrame } from '../uncompressed/sample-file.ts';

const SEEK_POINT_BYTES = 18;
const PLACEHOLDER = 0xffffffffffffffffn;

/** Where the frame with a sample begins: its first sample, its offset from the first frame in bytes, and how many samples it has. */
export interface FlacFrame {
  readonly sample: number;
  readonly offset: number;
  readonly samples: number;
}

/** Samples of the original that the table leads to; points that stand for nothing yet are left out. */
export const seekSamples = (table: Uint8Array): readonly number[] => {
  const view = viewOf(table);
  return Array.from({ length: Math.floor(table.length / SEEK_POINT_BYTES) }, (_, index) => view.getBigUint64(index * SEEK_POINT_BYTES))
    .filter((sample) => sample !== PLACEHOLDER)
    .map(Number);
};

/** A table as long as the old one that leads to these frames; what is left over of it stands for nothing yet. */
export const newSeekTable = (sizeBytes: number, frames: readonly FlacFrame[]): Uint8Array => {
  const table = new Uint8Array(sizeBytes);
  const view = viewOf(table);
  const unique = [...new Map(frames.map((frame) => [frame.sample, frame])).values()].sort((a, b) => a.sample - b.sample);
  for (let index = 0; (index + 1) * SEEK_POINT_BYTES <= sizeBytes; index += 1) {
    const frame = unique[index];
    const at = index * SEEK_POINT_BYTES;
    view.setBigUint64(at, frame === undefined ? PLACEHOLDER : BigInt(frame.sample));
    view.setBigUint64(at + 8, BigInt(frame?.offset ?? 0));
    view.setUint16(at + 16, frame?.samples ?? 0);
  }
  return table;
};

const CUE_HEADER_BYTES = 128 + 8 + 1 + 258 + 1;
const CUE_TRACK_BYTES = 36;
const CUE_INDEX_BYTES = 12;

/** The same sheet, whose tracks begin where their samples stand now; indexes count from their track. */
export const movedCueSheet = (sheet: Uint8Array, insertion: FrameInsertion): Uint8Array => {
  const moved = sheet.slice();
  const view = viewOf(moved);
  const tracks = sheet[CUE_HEADER_BYTES - 1] ?? 0;
  for (let track = 0, at = CUE_HEADER_BYTES; track < tracks && at + CUE_TRACK_BYTES <= moved.length; track += 1) {
    const start = Number(view.getBigUint64(at));
    view.setBigUint64(at, BigInt(movedFrame(insertion, start)));
    const indexes = moved[at + CUE_TRACK_BYTES - 1] ?? 0;
    for (
      let index = 0, place = at + CUE_TRACK_BYTES;
      index < indexes && place + CUE_INDEX_BYTES <= moved.length;
      index += 1, place += CUE_INDEX_BYTES
    ) {
      const sample = start + Number(view.getBigUint64(place));
      view.setBigUint64(place, BigInt(movedFrame(insertion, sample) - movedFrame(insertion, start)));
    }
    at += CUE_TRACK_BYTES + CUE_INDEX_BYTES * indexes;
  }
  return moved;
};

/** Samples of a sector of a CD, in which the sheet of one counts (RFC 9639 §8.7). */
export const CD_SECTOR_SAMPLES = 588;

/** Whether a sheet is that of a CD. */
export const isCdSheet = (sheet: Uint8Array): boolean => ((sheet[128 + 8] ?? 0) & 0x80) !== 0;
