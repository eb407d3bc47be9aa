import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ByteSource, LabelError, type Splice } from '@aigc-label/core';
import type { CameraKind } from './camera-file.ts';
import { differenceOf } from './difference.ts';

const run = promisify(execFile);

/** exiftool holds previews in memory; a raw file has at most some 200 MB. */
const MAXIMUM_FILE_BYTES = 1 << 30;
const TIMEOUT_MILLIS = 60_000;
const MAXIMUM_OUTPUT_BYTES = 1 << 20;
const WINDOW_BYTES = 1 << 20;

/**
 * What exiftool changes when it puts `packet`, as it is, into the place of XMP; run on a copy in a folder of its own, without a shell and without a user's configuration.
 *
 * @throws LabelError `TOOL_MISSING` without exiftool-vendored or perl, `LIMIT_EXCEEDED` above 1 GiB, `FORMAT_UNSUPPORTED_FEATURE` where exiftool refuses.
 */
export const planByExiftool = async (source: ByteSource, kind: CameraKind, packet: Uint8Array): Promise<readonly Splice[]> => {
  if (source.size > MAXIMUM_FILE_BYTES) {
    throw new LabelError(
      'LIMIT_EXCEEDED',
      `A raw file of ${source.size} bytes is too large for exiftool; at most ${MAXIMUM_FILE_BYTES} are given to it.`,
      {
        data: { site: kind, length: source.size, limitBytes: MAXIMUM_FILE_BYTES },
      },
    );
  }
  const tool = await findExiftool();
  const folder = await mkdtemp(join(tmpdir(), 'aigc-label-raw-'));
  try {
    const path = join(folder, `raw.${kind}`);
    const packetPath = join(folder, 'packet.xmp');
    await copyTo(path, source);
    await writeFile(packetPath, packet);
    await write(tool, [`-XMP<=${packetPath}`, '-overwrite_original', path], kind);
    const written = await open(path);
    try {
      const { size } = await written.stat();
      return await differenceOf(source, {
        size,
        read: async (offset, length) => (await written.read(new Uint8Array(length), 0, length, offset)).buffer,
      });
    } finally {
      await written.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const findExiftool = async (): Promise<string> => {
  try {
    const { exiftoolPath } = await import('exiftool-vendored');
    return await exiftoolPath();
  } catch (cause) {
    throw missing('the package exiftool-vendored is not installed: npm install exiftool-vendored', cause);
  }
};

const missing = (what: string, cause: unknown): LabelError =>
  new LabelError('TOOL_MISSING', `This raw file can only be labelled with exiftool, and ${what}.`, { data: { tool: 'exiftool' }, cause });

const copyTo = async (path: string, source: ByteSource): Promise<void> => {
  const file = await open(path, 'wx', 0o600);
  try {
    for (let at = 0; at < source.size; at += WINDOW_BYTES) {
      await file.appendFile(await source.read(at, Math.min(WINDOW_BYTES, source.size - at)));
    }
  } finally {
    await file.close();
  }
};

const write = async (tool: string, options: readonly string[], kind: CameraKind): Promise<void> => {
  // An empty name keeps exiftool from a configuration file of the user; of the environment it gets what perl needs.
  const args = ['-config', '', '-q', ...options];
  const [command, all] = tool.endsWith('.exe') ? [tool, args] : ['perl', [tool, ...args]];
  const { PATH, SystemRoot, TMPDIR, TEMP, TMP } = process.env;
  const env = Object.fromEntries(Object.entries({ PATH, SystemRoot, TMPDIR, TEMP, TMP }).filter(([, value]) => value !== undefined));
  try {
    await run(command, all, { timeout: TIMEOUT_MILLIS, maxBuffer: MAXIMUM_OUTPUT_BYTES, env, windowsHide: true });
  } catch (cause) {
    const { code, stderr } = cause as { readonly code?: unknown; readonly stderr?: string };
    if (code === 'ENOENT') {
      throw missing('perl is not on this machine: install perl', cause);
    }
    const what =
      (stderr ?? '')
        .split('\n')[0]
        ?.replace(/ - \S*$/, '')
        .replaceAll(/[^\x20-\x7e]/g, '?') || 'it gave no reason';
    throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', `exiftool cannot write into this raw file: ${what}. Convert it to DNG and label that.`, {
      data: { site: kind, what },
      cause,
    });
  }
};
