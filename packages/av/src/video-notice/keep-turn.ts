import { open } from 'node:fs/promises';
import { type Box, boxBudget, contentOf, contentSize, listBoxes, readBoxFile, readMovie } from '@aigc-label/containers';
import { type ByteSource, readBounded } from '@aigc-label/core';
import type { ProbedPictures } from '../ffmpeg/probe-media.ts';

/** Bytes of the matrix in `tkhd` (ISO/IEC 14496-12 §8.3.2), and of all that stands before it in either version. */
const MATRIX_BYTES = 36;
const MATRIX_AT: readonly number[] = [40, 52];

/** Writes into an MP4 of ffmpeg's the turn that a player is to make, for what comes out of a filter does not say it. */
export const keepTurn = async (source: ByteSource, written: ByteSource, formatId: string, { rotation }: ProbedPictures): Promise<void> => {
  if (rotation === 0 || (formatId !== 'mp4' && formatId !== 'mov')) {
    return;
  }
  const [from] = await matricesOf(source);
  const [to] = await matricesOf(written);
  if (from === undefined || to === undefined || written.path === undefined) {
    return;
  }
  const handle = await open(written.path, 'r+');
  try {
    await handle.write(await source.read(from, MATRIX_BYTES), 0, MATRIX_BYTES, to);
  } finally {
    await handle.close();
  }
};

/** Where the matrices of the tracks with moving pictures stand. */
const matricesOf = async (source: ByteSource): Promise<readonly number[]> => {
  const budget = boxBudget();
  const { tracks } = await readMovie(source, await readBoxFile(source, budget), budget);
  const places: number[] = [];
  for (const { box, handler } of tracks) {
    const { boxes } = await listBoxes(source, contentOf(box), box.end, budget);
    const tkhd = boxes.find(({ type }) => type === 'tkhd');
    const place = handler === 'vide' && tkhd !== undefined ? await matrixIn(source, tkhd) : undefined;
    places.push(...(place === undefined ? [] : [place]));
  }
  return places;
};

const matrixIn = async (source: ByteSource, tkhd: Box): Promise<number | undefined> => {
  const [version = 0] = await readBounded(source, contentOf(tkhd), Math.min(1, contentSize(tkhd)), 1, 'tkhd');
  const at = MATRIX_AT[version] ?? 0;
  return at === 0 || contentSize(tkhd) < at + MATRIX_BYTES ? undefined : contentOf(tkhd) + at;
};
