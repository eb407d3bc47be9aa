import { readFileSync } from 'node:fs';
import { bytesSource, chooseFormat, HEAD_BYTES } from '@aigc-label/core';
import { corpusFiles, corpusMissing, mutations } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { createLabeler, createVerifier } from './index.ts';
import { allFormats } from './parts.ts';

const sample = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../../../samples/${name}`, import.meta.url)));
/** The formats that a head matches; those that take a second look at the whole file count as one, since only it tells them apart. */
const matching = (head: Uint8Array): readonly string[] => [
  ...new Set(allFormats.filter((format) => format.matches(head)).map(({ id, recognises }) => (recognises === undefined ? id : 'second look'))),
];

describe('all formats together', () => {
  it('have names, extensions and media types of their own', () => {
    for (const values of [allFormats.map(({ id }) => id), allFormats.flatMap(({ extensions }) => extensions)]) {
      expect(new Set(values).size).toBe(values.length);
    }
  });

  it.each([
    ['picture.png', 'png'],
    ['clip.mp4', 'mp4'],
    ['song.mp3', 'mp3'],
    ['article.md', 'markdown'],
  ])('%s is %s and nothing else, whatever bits are flipped', (name, id) => {
    const bytes = sample(name).subarray(0, HEAD_BYTES);
    expect(matching(bytes)).toEqual([id]);
    for (const head of mutations(bytes, 2_000)) {
      expect(matching(head).length).toBeLessThanOrEqual(1);
    }
    for (let length = 0; length < bytes.length; length += 7) {
      expect(matching(bytes.subarray(0, length)).length).toBeLessThanOrEqual(1);
    }
  });

  it.skipIf(corpusMissing !== undefined)('never claim a file of the corpus twice', () => {
    for (const file of corpusFiles()) {
      expect(matching(file.bytes().subarray(0, HEAD_BYTES)).length, file.name).toBeLessThanOrEqual(1);
    }
  });

  it.skipIf(corpusMissing !== undefined)('recognise a file of the corpus at most once', async () => {
    for (const file of corpusFiles('.docx')) {
      const source = bytesSource(file.bytes());
      const recognising: string[] = [];
      for (const format of allFormats.filter(({ recognises }) => recognises !== undefined)) {
        recognising.push(...((await format.recognises?.(source)) ? [format.id] : []));
      }
      expect(recognising, file.name).toEqual(['docx']);
      expect((await chooseFormat(source, allFormats, { name: 'x.xlsx' }))?.id).toBe('docx');
    }
  });

  it('let a name decide between textual formats, and never otherwise', async () => {
    const text = bytesSource(new TextEncoder().encode('# A heading\n\nWords.\n'));
    expect((await chooseFormat(text, allFormats))?.id).toBe('markdown');
    expect((await chooseFormat(text, allFormats, { name: 'NOTES.TXT' }))?.id).toBe('plain');
    expect((await chooseFormat(text, allFormats, { name: 'picture.png' }))?.id).toBe('markdown');
    expect((await chooseFormat(text, allFormats, { mediaType: 'text/html; charset=utf-8' }))?.id).toBe('html');
    expect((await chooseFormat(bytesSource(sample('picture.png')), allFormats, { name: 'picture.md' }))?.id).toBe('png');
  });

  it('do not write into source code and data that look like text, and read them all the same', async () => {
    const script = new TextEncoder().encode('# a comment, not a heading\nprint("words")\n');
    const { labelBytes } = createLabeler({ ContentProducer: 'somebody' });
    for (const name of ['script.py', 'folder.md/script.PY', 'values.yaml', 'notes.v2']) {
      await expect(labelBytes(script, { name }), name).rejects.toMatchObject({ code: 'FORMAT_UNKNOWN' });
      expect((await createVerifier().verifyBytes(script, { name })).format).toBe('markdown');
    }
    for (const name of ['README', '.hidden', 'a.b/README', 'x.txt', 'x.MD']) {
      expect((await labelBytes(script, { name })).outcome, name).toBe('labelled');
    }
    expect((await labelBytes(script, { name: 'notes.v2', mediaType: 'text/plain' })).format).toBe('plain');
  });
});
