import { execFile } from 'node:child_process';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ffmpegInstaller from '@ffmpeg-installer/ffmpeg';
import { createLabeler } from 'aigc-label';
import { row, verdict } from './measure.ts';

const run = promisify(execFile);

/** The settings with which the notice is encoded, for a rival that encodes every picture and draws nothing. */
const SAME_SETTINGS = ['-c:v', 'libx264', '-preset', 'medium', '-crf', '17', '-bf', '0', '-x264-params', 'open-gop=0', '-g', '90', '-c:a', 'copy'];

/** Half a minute is encoded once and joined to itself. */
const PIECE_SECONDS = 30;
const PICTURES_PER_SECOND = 30;

/** What the issue asks for. */
const LENGTHS: readonly { readonly minutes: number; readonly times: number }[] = [
  { minutes: 2, times: 20 },
  { minutes: 10, times: 60 },
];

/** The notice in the opening of a film against encoding the whole film with the same settings, in one run; and whether every later picture is the same. */
export const benchVideoNotice = async (folder: string): Promise<void> => {
  process.env['AIGC_LABEL_FFMPEG'] ??= ffmpegInstaller.path;
  const program = process.env['AIGC_LABEL_FFMPEG'];
  const ffmpeg = (...args: readonly string[]): Promise<unknown> => run(program, ['-v', 'error', '-nostdin', '-y', ...args]);
  const labeler = createLabeler({ ContentProducer: '001191110000MA0000000H10001', explicit: { modalities: ['video'] } });
  const piece = join(folder, 'piece.mp4');
  await ffmpeg(
    ...[
      '-f',
      'lavfi',
      '-i',
      `testsrc2=size=1920x1080:rate=${PICTURES_PER_SECOND}`,
      '-f',
      'lavfi',
      '-i',
      'aevalsrc=0.3*sin(2*PI*(220+60*sin(t))*t):s=48000',
    ],
    ...['-t', String(PIECE_SECONDS), '-vf', 'noise=alls=3:allf=t,format=yuv420p', '-c:v', 'libx264', '-preset', 'superfast', '-bf', '2'],
    ...['-g', '90', '-b:v', '8M', '-c:a', 'aac', piece],
  );
  console.log('\nA notice of 3 s in the opening of 1080p, 30 pictures a second, against encoding all pictures: seconds');
  row('', 'file, MB', 'opening', 'all pictures', 'later pictures');
  for (const { minutes, times } of LENGTHS) {
    const [film, noticed, encoded] = ['film', 'noticed', 'encoded'].map((name) => join(folder, `${name}.mp4`)) as [string, string, string];
    await ffmpeg('-stream_loop', String((minutes * 60) / PIECE_SECONDS - 1), '-i', piece, '-c', 'copy', film);
    const opening = await secondsOf(async () => {
      const { remarks } = await labeler.labelFile(film, noticed, { mayReplace: true });
      const part = remarks.find(({ code }) => code === 'encoded_part');
      if (part === undefined) {
        throw new Error('more than the opening was encoded');
      }
      console.log(`  ${part.data['pictures']} of ${part.data['of']} pictures are encoded anew`);
    });
    const later = await laterPictures(program, film, noticed);
    const whole = await secondsOf(() => ffmpeg('-i', film, ...SAME_SETTINGS, encoded));
    row(`${minutes} min`, ((await stat(film)).size / 1e6).toFixed(0), opening, whole, later);
    verdict('all pictures / opening', whole / opening, times, 'at least');
    await Promise.all([film, noticed, encoded].map((path) => rm(path)));
  }
};

const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
};

/** Compares the decoded pictures from the first one behind the stretch on, by framemd5. */
const laterPictures = async (program: string, film: string, noticed: string): Promise<string> => {
  const before = await sumsOf(program, film);
  const after = await sumsOf(program, noticed);
  const lastNew = before.findLastIndex((sum, index) => sum !== after[index]);
  const isSame = before.length === after.length && lastNew < 4 * PICTURES_PER_SECOND;
  return isSame ? `${before.length - lastNew - 1} equal` : 'DIFFER';
};

const sumsOf = async (program: string, path: string): Promise<readonly string[]> => {
  const { stdout } = await run(program, ['-v', 'error', '-nostdin', '-i', path, '-map', '0:v:0', '-f', 'framemd5', '-'], { maxBuffer: 64 << 20 });
  return stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').at(-1) ?? '');
};
