import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { assertInside, type ByteSource } from '@aigc-label/core';
import { withInputFile } from './with-input-file.ts';

/** A private folder (mode 0700) for what ffmpeg writes. */
export interface WorkFolder {
  readonly path: string;
  /** A file of the folder as a source, open until the folder is removed. */
  open(name: string): Promise<ByteSource>;
  /** Closes and removes everything in it. */
  remove(): Promise<void>;
}

/** Makes a folder that nobody else can look into. */
export const makeWorkFolder = async (): Promise<WorkFolder> => {
  const folder = await mkdtemp(join(tmpdir(), 'aigc-label-ffmpeg-'));
  const closing: (() => Promise<void>)[] = [];
  return {
    path: folder,
    async open(name) {
      const path = join(folder, name);
      const handle = await open(path, 'r');
      closing.push(() => handle.close());
      const { size } = await handle.stat();
      return {
        size,
        path,
        async read(offset, length) {
          assertInside(size, offset, length);
          const bytes = new Uint8Array(length);
          for (let done = 0; done < length; ) {
            const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
            if (bytesRead === 0) {
              assertInside(offset + done, offset, length);
            }
            done += bytesRead;
          }
          return bytes;
        },
      };
    },
    async remove() {
      await Promise.allSettled(closing.splice(0).map((close) => close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** Where a source lies on the disk, or a copy of it for as long as `use` takes. */
export const withPath = <Value>(source: ByteSource, use: (path: string) => Promise<Value>): Promise<Value> =>
  // Absolute: a name like `-y.mp4` or `a:b.mp4` would be an option or a protocol.
  source.path === undefined ? withInputFile(source, use) : use(resolve(source.path));
