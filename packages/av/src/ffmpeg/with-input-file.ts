import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteSource } from '@aigc-label/core';

/** Bytes that are copied at a time. */
const PIECE_BYTES = 1 << 20;

/** Puts a source into a private file for ffmpeg, which wants to seek, for as long as `use` takes. */
export const withInputFile = async <Value>(source: ByteSource, use: (path: string) => Promise<Value>): Promise<Value> => {
  const folder = await mkdtemp(join(tmpdir(), 'aigc-label-ffmpeg-'));
  try {
    const path = join(folder, 'input');
    const handle = await open(path, 'wx', 0o600);
    try {
      for (let offset = 0; offset < source.size; offset += PIECE_BYTES) {
        await handle.writeFile(await source.read(offset, Math.min(PIECE_BYTES, source.size - offset)));
      }
    } finally {
      await handle.close();
    }
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
