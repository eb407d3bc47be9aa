import { describe, expect, it } from 'vitest';
import { LabelError } from '../errors.ts';
import { bytesSource, chooseFormat } from '../index.ts';
import type { Format } from '../ports/format.ts';
import { wholeFile } from '../provenance/whole-file.ts';

const format = (id: string, matches: boolean, recognises?: () => Promise<boolean>): Format => ({
  id,
  modality: 'text',
  mediaTypes: [],
  extensions: [`.${id}`],
  place: { description: '', source: '', certainty: 'decision' },
  matches: () => matches,
  ...(recognises === undefined ? {} : { recognises }),
  read: async () => ({ found: [], anomalies: [] }),
  plan: async () => [],
  content: wholeFile,
});

const source = bytesSource(new Uint8Array(10));

describe('chooseFormat', () => {
  it('asks those that match the head for a second look, and takes the first that recognises the file', async () => {
    const asked: string[] = [];
    const looking = (id: string, matches: boolean, isIt: boolean): Format =>
      format(id, matches, async () => {
        asked.push(id);
        return isIt;
      });
    const formats = [looking('a', false, true), looking('b', true, false), looking('c', true, true), looking('d', true, true)];
    expect((await chooseFormat(source, formats, { name: 'x.d' }))?.id).toBe('c');
    expect(asked).toEqual(['b', 'c']);
  });

  it('knows nothing of a file that no second look recognises', async () => {
    expect(await chooseFormat(source, [format('a', true, async () => false), format('b', false)])).toBeUndefined();
  });

  it('lets errors of the outside world through', async () => {
    const failing = format('a', true, () => Promise.reject(new LabelError('IO_FAILED', 'the disk is gone')));
    await expect(chooseFormat(source, [failing])).rejects.toMatchObject({ code: 'IO_FAILED' });
  });
});
