import { copyFile, link, mkdtemp, readdir, readFile, rm, stat, symlink, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLabeler, createVerifier } from './index.ts';

const PRODUCER = '001191110000MA0000000H10001';
const labeler = createLabeler({ ContentProducer: PRODUCER });
const verifier = createVerifier();
const samplePath = (name: string): string => fileURLToPath(new URL(`../../../samples/${name}`, import.meta.url));
const SAMPLES = ['picture.png', 'clip.mp4', 'song.mp3', 'article.md'];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aigc-label-toolkit-'));
  for (const name of SAMPLES) {
    await copyFile(samplePath(name), join(folder, name));
  }
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});
const at = (name: string): string => join(folder, name);

describe.each(SAMPLES)('%s', (name) => {
  it('is labelled in memory and on disk alike, and verified', async () => {
    const original = new Uint8Array(await readFile(at(name)));
    const { bytes, label, outcome } = await labeler.labelBytes(original, { name, ProduceID: 'the-same' });
    expect(outcome).toBe('labelled');
    await labeler.labelFile(at(name), at(`out-${name}`), { ProduceID: 'the-same' });
    expect(Buffer.compare(await readFile(at(`out-${name}`)), bytes)).toBe(0);
    expect(Buffer.compare(await readFile(at(name)), original)).toBe(0);
    const report = await verifier.verifyFile(at(`out-${name}`));
    expect(report).toMatchObject({ action: 'generated', integrity: 'unsigned', isConformant: true, label, anomalies: [] });
    expect(report.clauses.filter(({ outcome: clauseOutcome }) => clauseOutcome === 'fail')).toEqual([]);
    expect(await verifier.verifyBytes(bytes, { name })).toEqual(report);
  });

  it('is absent before, and that is never "human"', async () => {
    expect(await verifier.verifyFile(at(name))).toMatchObject({ action: 'none', integrity: 'absent', isConformant: false, label: null });
  });

  it('is labelled in place; the second time the file is not touched', async () => {
    const first = await labeler.labelFile(at(name), at(name));
    const past = new Date(1_000_000_000_000);
    await utimes(at(name), past, past);
    const second = await labeler.labelFile(at(name), at(name));
    expect(second).toMatchObject({ outcome: 'unchanged', label: first.label });
    expect((await stat(at(name))).mtime).toEqual(past);
    expect((await readdir(folder)).sort()).toEqual([...SAMPLES].sort());
  });

  it('plans without writing', async () => {
    const before = await readdir(folder);
    const planned = await labeler.labelFile(at(name), at('planned'), { isDryRun: true });
    expect(planned.sizeAfter).toBeGreaterThan(planned.sizeBefore);
    expect(await readdir(folder)).toEqual(before);
  });
});

describe('labelFile', () => {
  it('refuses the input under another name, a link in place, and an output that is there', async () => {
    await link(at('song.mp3'), at('hard.mp3'));
    await symlink(at('song.mp3'), at('soft.mp3'));
    await expect(labeler.labelFile(at('song.mp3'), at('hard.mp3'))).rejects.toMatchObject({ code: 'OUTPUT_IS_INPUT' });
    await expect(labeler.labelFile(at('song.mp3'), at('soft.mp3'), { mayReplace: true })).rejects.toMatchObject({ code: 'OUTPUT_IS_INPUT' });
    await expect(labeler.labelFile(at('soft.mp3'), at('soft.mp3'))).rejects.toMatchObject({ code: 'NOT_A_FILE' });
    await expect(labeler.labelFile(at('song.mp3'), at('clip.mp4'))).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(Buffer.compare(await readFile(at('clip.mp4')), await readFile(samplePath('clip.mp4')))).toBe(0);
  });

  it('follows a link to another place', async () => {
    await symlink(at('song.mp3'), at('soft.mp3'));
    await labeler.labelFile(at('soft.mp3'), at('out.mp3'));
    expect((await verifier.verifyFile(at('out.mp3'))).action).toBe('generated');
  });

  it('stops when told to', async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(labeler.labelFile(at('song.mp3'), at('out.mp3'), { signal: stop.signal })).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await readdir(folder)).not.toContain('out.mp3');
  });

  it('leaves a file that another producer labelled as it is', async () => {
    await labeler.labelFile(at('song.mp3'), at('song.mp3'));
    const before = await readFile(at('song.mp3'));
    await expect(createLabeler({ ContentProducer: 'somebody-else' }).labelFile(at('song.mp3'), at('song.mp3'))).rejects.toMatchObject({
      code: 'LABEL_DISAGREES',
      data: { producer: PRODUCER },
    });
    expect((await readFile(at('song.mp3'))).equals(before)).toBe(true);
  });
});

describe('explicit labels', () => {
  it('stand in pictures and texts once, however often they are asked for', async () => {
    for (const name of ['picture.png', 'article.md']) {
      const marked = await labeler.labelFile(at(name), at(name), { explicit: true });
      expect(marked.mark).not.toBeNull();
      const again = await labeler.labelFile(at(name), at(name), { explicit: true });
      expect(again, name).toMatchObject({ outcome: 'unchanged', mark: null });
    }
    const { clauses, notices } = await verifier.verifyFile(at('article.md'));
    expect(notices).toMatchObject([{ position: 'start', text: expect.stringContaining('AI生成') }]);
    expect(clauses.find(({ clause }) => clause === 'Measures/4')?.outcome).toBe('pass');
  });

  it('are added to a file that already carries its implicit label', async () => {
    const { label } = await labeler.labelFile(at('picture.png'), at('picture.png'));
    expect(await labeler.labelFile(at('picture.png'), at('picture.png'), { explicit: true })).toMatchObject({
      outcome: 'updated',
      mark: 'image-badge',
      label,
    });
    expect(await verifier.verifyFile(at('picture.png'))).toMatchObject({ action: 'generated', label });
  });

  it('are refused where they cannot be made yet, and left out where they were not asked for', async () => {
    const csv = new TextEncoder().encode('a,b\n1,2\n');
    await expect(labeler.labelBytes(csv, { name: 'table.csv', explicit: true })).rejects.toMatchObject({ code: 'NOTICE_UNSUPPORTED' });
    expect(await labeler.labelFile(at('clip.mp4'), at('out.mp4'), { explicit: { modalities: ['text'] } })).toMatchObject({
      outcome: 'labelled',
      mark: null,
      remarks: [],
    });
  });

  it('must say what the standard asks for', async () => {
    await expect(labeler.labelFile(at('picture.png'), at('out.png'), { explicit: { text: 'made with love' } })).rejects.toThrow(TypeError);
  });
});
