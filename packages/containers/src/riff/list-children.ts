import { type ByteSource, latin1 } from '@aigc-label/core';
import type { Riff } from './read-riff.ts';
import { type ChunkWalk, type RiffChunk, walkChunks } from './walk-chunks.ts';

/** The type of a LIST chunk (`INFO`), or `undefined` where the chunk is none. */
export const listType = async (source: ByteSource, chunk: RiffChunk): Promise<string | undefined> =>
  chunk.id === 'LIST' && !chunk.isOpen && chunk.sizeBytes >= 4 ? latin1(await source.read(chunk.dataStart, 4)) : undefined;

/** The chunks inside a LIST. */
export const listChildren = (source: ByteSource, riff: Riff, list: RiffChunk): Promise<ChunkWalk> =>
  walkChunks(source, list.dataStart + 4, {
    isBigEndian: riff.isBigEndian,
    limit: list.dataStart + list.sizeBytes,
    budget: riff.budget,
    sizeOf: (_id, field) => field,
  });
