import { type Anomaly, type ByteSource, type Format, LabelError, type Slot, type Slots, type SlotText, type Splice } from '@aigc-label/core';
import { markdownCuts } from '../content/markdown-content.ts';
import { textContent } from '../content/text-content.ts';
import { encodeUnits } from '../encoding.ts';
import { type MarkdownEnds, readMarkdownEnds, textOf } from '../front-matter.ts';
import { endingOf, type TextLine } from '../lines.ts';
import { type BodyCarrier, bodyCarriers } from '../markdown-carriers.ts';
import { proven, says } from '../proof.ts';
import { textKindOf } from '../text-kind.ts';
import type { YamlEntry } from '../yaml-mapping.ts';

/** Markdown: the mapping `AIGC` in the YAML front matter. */
export const markdown: Format = {
  id: 'markdown',
  modality: 'text',
  mediaTypes: ['text/markdown', 'text/x-markdown'],
  extensions: ['.md', '.markdown'],
  place: { description: 'YAML front matter, mapping AIGC of seven quoted values', source: 'TC260-PG-20258A §6.5', certainty: 'guide' },
  textual: true,
  matches: (head) => textKindOf(head) === 'markdown',
  read: async (source) => (await survey(source)).slots,
  async plan(source, slot) {
    const found = await survey(source);
    const [only] = found.slots.found;
    if (found.slots.found.length === 1 && only?.isGuidePlace === true && says(only.value, only.fields, slot)) {
      return [];
    }
    assertPlannable(found);
    return proven(source, [...frontMatterSplices(found, slot), ...found.body.map(removal)], slot, markdown.read);
  },
  async content(source) {
    const { ends, body } = await survey(source);
    return textContent(source, 'markdown-1', markdownCuts(ends, body));
  },
};

/** Readers stop at so many. */
const MANY_LABELS = 16;

interface FrontEntry {
  readonly entry: YamlEntry;
  readonly lines: readonly TextLine[];
}

interface Survey {
  readonly ends: MarkdownEnds;
  readonly front: readonly FrontEntry[];
  readonly body: readonly BodyCarrier[];
  readonly slots: Slots;
}

const survey = async (source: ByteSource): Promise<Survey> => {
  const ends = await readMarkdownEnds(source);
  const { frontMatter, encoding } = ends;
  const piece = frontMatter.piece?.kind === 'mapping' ? frontMatter.piece : undefined;
  const front = (piece?.entries ?? []).map((entry) => ({ entry, lines: frontMatter.inner.slice(entry.firstLine, entry.endLine) }));
  const body = bodyCarriers(ends);
  const found: readonly Slot[] = [
    ...front.map(({ entry, lines }): Slot => {
      const isOurs =
        entry.fields !== undefined &&
        entry.anomaly === undefined &&
        piece?.indent !== undefined &&
        mappingText('AIGC', entry.fields, piece.indent, frontMatterEnding(ends)) === textOf(lines, encoding);
      return slotOf('markdown/front-matter/AIGC', entry, isOurs);
    }),
    ...body.map(({ kind, entry }): Slot => slotOf(`markdown/body/${kind}/AIGC`, entry, false)),
  ];
  return { ends, front, body, slots: { found, anomalies: anomaliesOf(ends, front, body, encoding.markBytes) } };
};

const slotOf = (site: string, { value, fields }: Pick<YamlEntry, 'value' | 'fields'>, isGuidePlace: boolean): Slot => ({
  key: 'AIGC',
  site,
  isGuidePlace,
  value,
  ...(fields === undefined ? {} : { fields }),
});

/** The mapping as §6.5 shows it: one field a line, values in single quotes. */
const mappingText = (key: string, fields: Readonly<Record<string, unknown>>, indent: number, ending: string): string => {
  const pad = ' '.repeat(indent);
  const lines = Object.entries(fields).map(([name, value]) => `${pad}  ${name}: ${quoted(String(value))}${ending}`);
  return `${pad}${key}:${ending}${lines.join('')}`;
};

/**
 * In single quotes, which YAML writes twice inside. What a repaired label may hold and Annex E j) does not allow goes in double quotes, escaped (YAML 1.2 §5.7): the file may be in
 * any encoding, and no value may end its line.
 */
const quoted = (value: string): string => {
  if (/^[\x20-\x7e]*$/.test(value)) {
    return `'${value.replaceAll("'", "''")}'`;
  }
  const escaped = value.replace(/[^\x20-\x7e]|["\\]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x7f && code >= 0x20 ? `\\${character}` : code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
  });
  return `"${escaped}"`;
};

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

const frontMatterEnding = ({ head }: MarkdownEnds): string => {
  const ending = endingOf(head);
  return ending === '\r' ? '\n' : ending;
};

/** The first entry gives its place to the new one; without front matter, one is made, and the body stays as it is. */
const frontMatterSplices = ({ ends, front }: Survey, slot: SlotText): readonly Splice[] => {
  const { encoding, frontMatter, head } = ends;
  const ending = frontMatterEnding(ends);
  const indent = frontMatter.piece?.kind === 'mapping' ? (frontMatter.piece.indent ?? 0) : 0;
  const mapping = mappingText(slot.key, slot.fields, indent, ending);
  if (frontMatter.kind === 'none') {
    return [{ at: encoding.markBytes, remove: 0, insert: encodeUnits(`---${ending}${mapping}---${ending}`, encoding) }];
  }
  const insert = encodeUnits(mapping, encoding);
  if (front.length === 0) {
    return [{ at: head[0]?.end ?? encoding.markBytes, remove: 0, insert }];
  }
  return front.map(({ lines }, index) => {
    const at = lines[0]?.at ?? 0;
    return { at, remove: (lines.at(-1)?.end ?? at) - at, insert: index === 0 ? insert : new Uint8Array() };
  });
};

const removal = ({ at, end }: BodyCarrier): Splice => ({ at, remove: end - at, insert: new Uint8Array() });

const anomaliesOf = (
  { frontMatter, hasOddByte }: MarkdownEnds,
  front: readonly FrontEntry[],
  body: readonly BodyCarrier[],
  offset: number,
): readonly Anomaly[] => {
  const site = 'markdown/front-matter';
  const structure: Partial<Record<MarkdownEnds['frontMatter']['kind'], Anomaly>> = {
    unclosed: { code: 'truncated', site, offset, detail: 'front matter that is never closed' },
    limit: { code: 'limit', site, offset, detail: 'front matter that does not end within 256 KiB' },
    damaged: { code: 'damaged', site, offset, detail: 'front matter that is not YAML' },
  };
  const ours = front.flatMap(({ entry: { anomaly }, lines }): Anomaly[] =>
    anomaly === undefined ? [] : [{ code: anomaly, site: `${site}/AIGC`, offset: lines[0]?.at ?? offset, detail: 'a value that is not plain' }],
  );
  const many: readonly Anomaly[] = body.length >= MANY_LABELS ? [{ code: 'limit', site: 'markdown/body', detail: 'more labels than are read' }] : [];
  const odd: readonly Anomaly[] = hasOddByte ? [{ code: 'truncated', site: 'markdown', detail: 'half a unit of UTF-16' }] : [];
  return [structure[frontMatter.kind] ?? [], ours, many, odd].flat();
};

const assertPlannable = ({ ends: { frontMatter }, front, body }: Survey): void => {
  const refuse = (code: 'FILE_DAMAGED' | 'LIMIT_EXCEEDED' | 'FORMAT_UNSUPPORTED_FEATURE', message: string): LabelError =>
    new LabelError(code, message, { data: { site: 'markdown/front-matter' } });
  if (frontMatter.kind === 'unclosed' || frontMatter.kind === 'damaged') {
    throw refuse('FILE_DAMAGED', 'The front matter of this file is not closed or not YAML; correct it first.');
  }
  if (frontMatter.kind === 'limit') {
    throw refuse('LIMIT_EXCEEDED', 'The front matter of this file does not end within 256 KiB; close it, or write a thematic break as ***.');
  }
  if (frontMatter.kind === 'other') {
    throw refuse('FORMAT_UNSUPPORTED_FEATURE', 'The front matter of this file is TOML or JSON; the guide names YAML only. Convert it to YAML first.');
  }
  if (frontMatter.piece?.kind === 'mapping' && frontMatter.piece.indent === undefined) {
    throw refuse(
      'FORMAT_UNSUPPORTED_FEATURE',
      'The front matter of this file is in flow style, tagged or anchored as a whole; write one key a line.',
    );
  }
  if (front.some(({ entry }) => !entry.isRemovable)) {
    throw refuse('FORMAT_UNSUPPORTED_FEATURE', 'The label in the front matter has an anchor that other keys may use; remove it by hand.');
  }
  const kept = body.find(({ isRemovable }) => !isRemovable);
  if (kept !== undefined) {
    throw new LabelError(
      'FORMAT_UNSUPPORTED_FEATURE',
      `A fenced block at byte ${kept.at} is a label or an example of one; move or remove it by hand.`,
      {
        data: { site: `markdown/body/${kept.kind}`, offset: kept.at },
      },
    );
  }
};
