// Eight clips of different kinds get the notice; their opening pictures, as a player shows them, are laid side by side for a person to look at.
// node packages/av/scripts/video-contact-sheet.mjs sheet.png   (after npx tsc -b; ffmpeg with libx264, libx265, libvpx and an AV1 encoder)
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bytesSource } from '@aigc-label/core';
import { findFfmpeg } from '../dist/likeness/index.js';
import { videoNotice } from '../dist/video-notice/index.js';

const output = resolve(process.argv[2] ?? 'video-contact-sheet.png');
const program = await findFfmpeg();
const folder = mkdtempSync(join(tmpdir(), 'aigc-label-sheet-'));
const ffmpeg = (...args) =>
  execFileSync(program, ['-v', 'error', '-nostdin', '-y', ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
const hdr = 'log-level=error:open-gop=0:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc';

/** Picture source, filters, encoder, and options of the notice. */
const CLIPS = [
  ['testsrc2=size=640x360:rate=25', 'null', ['-c:v', 'libx264', '-bf', '3'], {}],
  ['mandelbrot=size=640x360:rate=25', 'null', ['-c:v', 'libx264', '-metadata:s:v', 'rotate=90'], { position: 'top-left' }],
  ['testsrc2=size=720x576:rate=25', 'setsar=64/45', ['-c:v', 'libx264'], { text: '人工智能生成' }],
  ['color=white:size=640x360:rate=25', 'noise=alls=20:allf=t', ['-c:v', 'libx264', '-pix_fmt', 'yuv420p'], { style: 'outline' }],
  ['color=black:size=640x360:rate=25', 'null', ['-c:v', 'libx265', '-x265-params', 'log-level=error:open-gop=0'], { style: 'light' }],
  [
    'testsrc2=size=640x360:rate=25',
    'null',
    [
      '-c:v',
      'libx265',
      '-pix_fmt',
      'yuv420p10le',
      '-x265-params',
      hdr,
      '-color_primaries',
      'bt2020',
      '-color_trc',
      'smpte2084',
      '-colorspace',
      'bt2020nc',
    ],
    { position: 'bottom' },
  ],
  ['testsrc2=size=360x640:rate=25', 'null', ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'], { text: '本内容由人工智能生成' }],
  ['rgbtestsrc=size=853x481:rate=25', 'null', ['-c:v', 'libx264', '-pix_fmt', 'yuv444p'], { style: 'large', position: 'left' }],
];

try {
  for (const [index, [source, filters, encoder, options]] of CLIPS.entries()) {
    ffmpeg('-f', 'lavfi', '-i', source, '-t', '5', '-vf', filters, '-g', '50', ...encoder, `${index}-plain.mp4`);
    // Older versions turn a clip only while they copy it.
    const turn = encoder.includes('rotate=90') ? ['-metadata:s:v', 'rotate=90'] : [];
    ffmpeg('-i', `${index}-plain.mp4`, '-c', 'copy', ...turn, `${index}.mp4`);
    const marked = await videoNotice.apply(bytesSource(new Uint8Array(readFileSync(join(folder, `${index}.mp4`)))), 'mp4', options);
    writeFileSync(join(folder, `${index}-noticed.mp4`), await marked.source.read(0, marked.source.size));
    await marked.release();
    console.log(index, source, JSON.stringify(options), JSON.stringify(marked.remarks));
    const shown =
      'scale=trunc(iw*sar/2)*2:ih,setsar=1,scale=480:480:force_original_aspect_ratio=decrease,pad=480:480:(ow-iw)/2:(oh-ih)/2:gray,format=rgb24';
    ffmpeg('-i', `${index}-noticed.mp4`, '-frames:v', '1', '-vf', shown, `shown-${index}.png`);
  }
  ffmpeg('-framerate', '1', '-i', 'shown-%d.png', '-vf', 'tile=4x2', '-frames:v', '1', output);
  console.log(output);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
