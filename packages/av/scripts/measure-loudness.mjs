// Compares our meter with ffmpeg's: `npx tsc -b && node packages/av/scripts/measure-loudness.mjs FILE...`; without files, with sounds that ffmpeg makes. Prints both and the largest difference.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loudnessMeter, truePeak } from '../dist/sound-notice/loudness/index.js';

const MADE = {
  sine: ['-f', 'lavfi', '-i', 'sine=440:d=5', '-ar', '44100', '-ac', '2'],
  'pink-noise': ['-f', 'lavfi', '-i', 'anoisesrc=c=pink:a=0.5:d=8:seed=1', '-ar', '48000'],
  'white-loud': ['-f', 'lavfi', '-i', 'anoisesrc=c=white:a=0.9:d=4:seed=2', '-ar', '32000'],
  'brown-22050': ['-f', 'lavfi', '-i', 'anoisesrc=c=brown:a=0.7:d=6:seed=3', '-ar', '22050'],
  'swept-96000': ['-f', 'lavfi', '-i', "aevalsrc='0.8*sin(2*PI*(50*t+400*t*t))':s=96000:d=6"],
  'beats-stereo': ['-f', 'lavfi', '-i', "aevalsrc='0.7*sin(2*PI*200*t)*gt(sin(2*PI*0.7*t),0.3)|0.2*sin(2*PI*3000*t)':s=48000:d=9"],
  'surround-5.1': [
    '-f',
    'lavfi',
    '-i',
    "aevalsrc='0.1*sin(600*t)|0.1*sin(700*t)|0.3*random(0)-0.15|0.9*sin(200*t)|0.2*sin(3000*t)|0.2*sin(3100*t)':c=5.1:s=48000:d=6",
  ],
  'fades-8000': ['-f', 'lavfi', '-i', "aevalsrc='0.9*sin(2*PI*700*t)*t/10':s=8000:d=10"],
  'steps-gated': ['-f', 'lavfi', '-i', "aevalsrc='(random(0)-0.5)*pow(10,-floor(t/3)*0.6)':s=44100:d=15"],
  'clicks-16000': ['-f', 'lavfi', '-i', "aevalsrc='if(lt(mod(t,0.5),0.01),0.95*sin(2*PI*2900*t),0.01*random(1))':s=16000:d=7"],
  'square-11025': ['-f', 'lavfi', '-i', "aevalsrc='0.4*(gt(sin(2*PI*311*t),0)-0.5)':s=11025:d=5"],
};
const program = process.env.AIGC_LABEL_FFMPEG ?? 'ffmpeg';
const folder = mkdtempSync(join(tmpdir(), 'aigc-label-loudness-'));
try {
  const files = process.argv.slice(2);
  for (const [name, options] of files.length > 0 ? [] : Object.entries(MADE)) {
    const path = join(folder, `${name}.wav`);
    execFileSync(program, ['-v', 'error', ...options, '-c:a', 'pcm_f32le', path]);
    files.push(path);
  }
  const worst = { loudness: 0, peak: 0 };
  for (const path of files) {
    const told = spawnSync(
      program,
      ['-hide_banner', '-nostats', '-i', path, '-map', '0:a:0', '-af', 'ebur128=peak=true:framelog=verbose', '-f', 'null', '-'],
      {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      },
    ).stderr;
    const summary = told.slice(told.lastIndexOf('Summary:'));
    const [, sampleRate, layout = 'mono'] = /Audio: .*?, (\d+) Hz, ([^,(]+)/.exec(told) ?? [];
    const channels = { mono: 1, stereo: 2, 5.1: 6 }[layout.trim()] ?? 1;
    const bytes = execFileSync(program, ['-v', 'error', '-i', path, '-map', '0:a:0', '-f', 'f32le', '-'], { maxBuffer: 1 << 30 });
    const samples = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    const planes = Array.from({ length: channels }, (_, channel) => samples.filter((_sample, index) => index % channels === channel));
    const meter = loudnessMeter({ sampleRate: Number(sampleRate), channels });
    meter.add(planes);
    const ours = { loudness: meter.integrated(), peak: truePeak({ sampleRate: Number(sampleRate), channels: planes }) };
    const theirs = { loudness: Number(/I:\s+(\S+) LUFS/.exec(summary)?.[1]), peak: Number(/Peak:\s+(\S+) dBFS/.exec(summary)?.[1]) };
    for (const what of ['loudness', 'peak']) {
      worst[what] = Math.max(worst[what], Math.abs(ours[what] - theirs[what]));
    }
    process.stdout.write(
      `${path.split('/').at(-1)}: ${ours.loudness.toFixed(2)} against ${theirs.loudness} LUFS, ${ours.peak.toFixed(2)} against ${theirs.peak} dBTP\n`,
    );
  }
  process.stdout.write(`largest difference: ${worst.loudness.toFixed(2)} LU, ${worst.peak.toFixed(2)} dB, in ${files.length} files\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
