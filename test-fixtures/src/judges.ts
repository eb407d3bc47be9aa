import { execFile, execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ffmpegInstaller from '@ffmpeg-installer/ffmpeg';
import ffprobeInstaller from '@ffprobe-installer/ffprobe';
import { ExifTool } from 'exiftool-vendored';

const run = promisify(execFile);
const MAXIMUM_OUTPUT_BYTES = 64 << 20;

/** Tools that are not ours, from the registry, so that a bare machine has them. */
export const ffmpegPath: string = ffmpegInstaller.path;
export const ffprobePath: string = ffprobeInstaller.path;
try {
  // pnpm runs no install scripts, and this package's script is what would set the mode.
  chmodSync(ffprobePath, 0o755);
} catch {}

/** Why exiftool cannot judge here, or `undefined` where it can: it needs perl, which Debian and macOS always have. */
export const exiftoolMissing: string | undefined = (() => {
  try {
    execFileSync('perl', ['-v'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'exiftool needs perl, which is not on this machine';
  }
})();

let exiftool: ExifTool | undefined;

/** exiftool's dump of a file, all groups, duplicates kept, raw values; the facts of the file system are left out. Call `endJudges` when done. */
export const exiftoolDump = async (path: string): Promise<Record<string, unknown>> => {
  exiftool ??= new ExifTool({ maxProcs: 1, taskTimeoutMillis: 60_000, useMWG: false });
  const tags = (await exiftool.readRaw(path, { readArgs: ['-G1:4', '-a', '-n', '-u', '-struct', '-api', 'largefilesupport=1'] })) as Record<
    string,
    unknown
  >;
  return Object.fromEntries(
    Object.entries(tags).filter(([name]) => !/^(SourceFile|errors|warnings)$|^(System|ExifTool):|(^|:)(FileSize|FileName|Directory)$/.test(name)),
  );
};

/** Ends exiftool's process; call it in `afterAll`. */
export const endJudges = async (): Promise<void> => {
  await exiftool?.end();
  exiftool = undefined;
};

/** What ffprobe says: `format.tags`, each stream's `tags`, and the rest. */
export const ffprobe = async (path: string): Promise<ProbeResult> => {
  const { stdout } = await run(ffprobePath, ['-v', 'error', '-show_format', '-show_streams', '-of', 'json', path], {
    maxBuffer: MAXIMUM_OUTPUT_BYTES,
  });
  return JSON.parse(stdout) as ProbeResult;
};

/** The part of ffprobe's answer that tests look at. */
export interface ProbeResult {
  readonly format: { readonly format_name: string; readonly duration?: string; readonly tags?: Readonly<Record<string, string>> };
  readonly streams: readonly { readonly codec_name?: string; readonly tags?: Readonly<Record<string, string>> }[];
}

/** SHA-256 of all streams' packets, by ffmpeg, without decoding. */
export const packetHashes = async (path: string): Promise<string> => {
  const { stdout } = await run(ffmpegPath, ['-v', 'error', '-nostdin', '-i', path, '-map', '0', '-c', 'copy', '-f', 'hash', '-hash', 'sha256', '-'], {
    maxBuffer: MAXIMUM_OUTPUT_BYTES,
  });
  return stdout;
};

/** Runs ffmpeg with an argument list. */
export const ffmpeg = async (...args: readonly string[]): Promise<string> => {
  const { stdout } = await run(ffmpegPath, ['-v', 'error', '-nostdin', '-y', ...args], { maxBuffer: MAXIMUM_OUTPUT_BYTES });
  return stdout;
};

/** Puts bytes into a file of its own for a judge, and removes it afterwards. */
export const withFile = async <Value>(name: string, bytes: Uint8Array, use: (path: string) => Promise<Value>): Promise<Value> => {
  const folder = await mkdtemp(join(tmpdir(), 'aigc-label-judge-'));
  try {
    const path = join(folder, name);
    await writeFile(path, bytes);
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
