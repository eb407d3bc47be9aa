import { allBut, type ByteSource, damaged, type Format, fromUtf8, LabelError, latin1, type Slot, utf8 } from '@aigc-label/core';

/** The magic line, then `name: value` lines, then an empty line, then verses to the end of the file. */
const MAGIC = utf8('POEM/1\n');

/** A head that is longer is no head of a poem. */
const MAXIMUM_HEAD_BYTES = 65_536;

/** Poems, an invented format: the example of CONTRIBUTING.md. */
export const poem: Format = {
  id: 'poem',
  modality: 'text',
  mediaTypes: ['text/x-poem'],
  extensions: ['.poem'],
  place: { description: 'head line "AIGC"', source: 'invented for CONTRIBUTING.md', certainty: 'decision' },
  matches: (head) => latin1(head.subarray(0, MAGIC.length)) === latin1(MAGIC),
  async read(source) {
    const { lines } = await readHead(source);
    const found = lines.filter(({ key }) => key === 'AIGC').map(({ value }): Slot => ({ key: 'AIGC', site: 'poem/AIGC', isGuidePlace: true, value }));
    return { found, anomalies: [] };
  },
  async plan(source, slot) {
    const { lines, end } = await readHead(source);
    const ours = lines.filter(({ key }) => key === slot.key);
    if (ours.length === 1 && ours[0]?.value === slot.value) {
      return [];
    }
    const removals = ours.map(({ at, length }) => ({ at, remove: length, insert: new Uint8Array() }));
    return [...removals, { at: end, remove: 0, insert: utf8(`${slot.key}: ${slot.value}\n`) }];
  },
  async content(source) {
    const { lines } = await readHead(source);
    // Everything but our own lines: a line of the head that nobody knows may well be read to people.
    const carriers = lines.filter(({ key }) => key === 'AIGC').map(({ at, length }) => ({ start: at, end: at + length }));
    return { method: 'poem-1', parts: [{ name: 'poem', pieces: allBut(0, source.size, carriers), isPerceived: true }], carriers };
  },
};

interface Line {
  readonly at: number;
  readonly length: number;
  readonly key: string;
  readonly value: string;
}

/** The lines of the head, and the offset of the empty line that ends it. Nothing of the verses is read beyond the window. */
const readHead = async (source: ByteSource): Promise<{ readonly lines: readonly Line[]; readonly end: number }> => {
  const window = await source.read(0, Math.min(source.size, MAXIMUM_HEAD_BYTES));
  const lines: Line[] = [];
  let at = MAGIC.length;
  while (at < window.length && window[at] !== 0x0a) {
    const newline = window.indexOf(0x0a, at);
    const text = fromUtf8(window.subarray(at, newline));
    const colon = text?.indexOf(': ') ?? -1;
    if (newline < 0 || text === undefined || colon < 0) {
      throw damaged('poem/head', at, 'a line of the head has no "name: value"');
    }
    lines.push({ at, length: newline + 1 - at, key: text.slice(0, colon), value: text.slice(colon + 2) });
    at = newline + 1;
  }
  if (at >= window.length) {
    throw source.size > MAXIMUM_HEAD_BYTES
      ? new LabelError('LIMIT_EXCEEDED', `The head of the poem is longer than ${MAXIMUM_HEAD_BYTES} bytes.`)
      : damaged('poem/head', at, 'the empty line after the head is missing');
  }
  return { lines, end: at };
};
