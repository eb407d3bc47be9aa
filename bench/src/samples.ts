import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { open, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ffmpegInstaller from '@ffmpeg-installer/ffmpeg';
import sharp, { type Sharp } from 'sharp';

const run = promisify(execFile);

/** A file to measure on. */
export interface Sample {
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
}

const noise = (width: number, height: number): Sharp => sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } });

const sampleOf = async (name: string, path: string): Promise<Sample> => ({ name, path, sizeBytes: (await stat(path)).size });

/** A JPEG of about 1 MB: noise, so that nothing compresses away. */
export const jpegOfOneMegabyte = async (folder: string): Promise<Sample> => {
  const path = join(folder, 'one-megabyte.jpg');
  await writeFile(path, await noise(1240, 1000).jpeg({ quality: 88 }).toBuffer());
  return sampleOf('1 MB JPEG', path);
};

/** A PNG of about 8 MB. */
export const pngOfEightMegabytes = async (folder: string): Promise<Sample> => {
  const path = join(folder, 'eight-megabytes.png');
  await writeFile(path, await noise(1920, 1400).png({ compressionLevel: 1 }).toBuffer());
  return sampleOf('8 MB PNG', path);
};

/** A real MP4 of about 100 MB with its moov in front, so that every chunk offset must move. */
export const mp4OfHundredMegabytes = async (folder: string): Promise<Sample> => {
  const path = join(folder, 'hundred-megabytes.mp4');
  const picture = join(folder, 'noise.png');
  await noise(640, 480).png().toFile(picture);
  const input = ['-loop', '1', '-framerate', '30', '-i', picture, '-t', '20', '-vf', 'noise=alls=60:allf=t'];
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '22', '-pix_fmt', 'yuv420p', '-fs', String(100_000_000)];
  await run(ffmpegInstaller.path, ['-v', 'error', '-nostdin', '-y', ...input, ...encode, '-movflags', '+faststart', path]);
  await rm(picture);
  return sampleOf('100 MB MP4', path);
};

/** A small MP4 whose mdat is blown up to 4 GiB of holes: its structure is real, its payload costs no disk. moov stands behind. */
export const mp4OfFourGibibytes = (folder: string): Promise<Sample> => sparseMp4(folder, '4 GiB MP4 (sparse)', 2 ** 32);

/** The same with 1 GiB. */
export const mp4OfOneGibibyte = (folder: string): Promise<Sample> => sparseMp4(folder, '1 GiB MP4 (sparse)', 2 ** 30);

const sparseMp4 = async (folder: string, name: string, hole: number): Promise<Sample> => {
  const small = join(folder, 'small.mp4');
  const path = join(folder, `sparse-${hole}.mp4`);
  await run(ffmpegInstaller.path, ['-v', 'error', '-nostdin', '-y', '-f', 'lavfi', '-i', 'testsrc=d=2:s=320x240', '-pix_fmt', 'yuv420p', small]);
  const source = await open(small);
  const target = await open(path, 'w');
  const { size } = await source.stat();
  const bytes = new Uint8Array(size);
  await source.read(bytes, 0, size, 0);
  const view = new DataView(bytes.buffer);
  let position = 0;
  for (let offset = 0; offset < size; ) {
    const length = view.getUint32(offset);
    const isMdat = view.getUint32(offset + 4) === 0x6d646174;
    if (isMdat) {
      const header = new Uint8Array(16);
      const headerView = new DataView(header.buffer);
      headerView.setUint32(0, 1);
      headerView.setUint32(4, 0x6d646174);
      headerView.setBigUint64(8, BigInt(length + 8 + hole));
      // The eight bytes that the longer header takes come out of the free box that ffmpeg leaves before mdat.
      await target.write(header, 0, 16, position - 8);
      await target.write(bytes, offset + 8, length - 8, position + 8);
      position += length + hole;
    } else {
      await target.write(bytes, offset, length, position);
      position += length;
    }
    offset += length;
  }
  await source.close();
  await target.close();
  return sampleOf(name, path);
};
