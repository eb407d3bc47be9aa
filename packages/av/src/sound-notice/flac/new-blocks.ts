import type { FlacBlock } from '@aigc-label/containers';
import { type ByteSource, concat, type Piece, u32be } from '@aigc-label/core';
import { type FrameInsertion, movedFrame } from '../uncompressed/sample-file.ts';
import { findFrames } from './find-frames.ts';
import type { EncodedFlac } from './flac-tool.ts';
import { movedCueSheet, newSeekTable, seekSamples } from './moved-blocks.ts';

const STREAMINFO = 0;
const SEEKTABLE = 3;
const CUESHEET = 5;

/** The metadata blocks of the original, each as long as it was: STREAMINFO, SEEKTABLE and CUESHEET tell of the new frames, all others stay byte for byte. */
export const newBlocks = async (
  source: ByteSource,
  blocks: readonly FlacBlock[],
  encoded: EncodedFlac,
  insertion: FrameInsertion,
): Promise<readonly Piece[]> => {
  const pieces: Piece[] = [];
  for (const { type, isLast, start, dataStart, sizeBytes, end } of blocks) {
    const data = type === STREAMINFO || type === SEEKTABLE || type === CUESHEET ? await source.read(dataStart, sizeBytes) : undefined;
    if (data === undefined) {
      pieces.push({ source, offset: start, length: end - start });
      continue;
    }
    const told =
      type === STREAMINFO ? encoded.streamInfo : type === CUESHEET ? movedCueSheet(data, insertion) : await movedSeekTable(data, encoded, insertion);
    pieces.push(concat(u32be((isLast ? 2 ** 31 : 0) + type * 2 ** 24 + told.length), told));
  }
  return pieces;
};

/** Points to the frames in which the old ones' samples lie now. */
const movedSeekTable = async (table: Uint8Array, { source, framesAt, info }: EncodedFlac, insertion: FrameInsertion): Promise<Uint8Array> => {
  const samples = seekSamples(table).map((sample) => movedFrame(insertion, sample));
  const isEven = info.minimumBlock === info.maximumBlock && info.maximumBlock > 0;
  const frames = isEven ? await findFrames(source, framesAt, { block: info.maximumBlock, total: info.samples }, samples) : [];
  return newSeekTable(table.length, frames);
};
