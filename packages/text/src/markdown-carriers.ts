// Labels that other tools put into the body of Markdown (spec/labels.md §5.1 no. 21 and 22): a second front matter, a comment, a fence, bare lines.
// Read only where a label stands and an example does not: first or last in the body, or in a comment of its own line near an end.
import type { TextEncoding } from './encoding.ts';
import { type MarkdownEnds, textOf } from './front-matter.ts';
import { isBlank, type TextLine } from './lines.ts';
import { type YamlEntry, yamlPieceOf } from './yaml-mapping.ts';

/** A label in the body, whole lines. */
export interface BodyCarrier {
  readonly kind: 'front-matter' | 'comment' | 'fence' | 'lines';
  readonly at: number;
  readonly end: number;
  readonly entry: Pick<YamlEntry, 'value' | 'fields'>;
  /** A fence is left alone: it may be an example. */
  readonly isRemovable: boolean;
}

interface Block {
  readonly carrier: BodyCarrier;
  readonly next: number;
}

/** No label has more lines. */
const MOST_LINES = 60;
/** More labels than this in one place are an attack. */
const MOST_CARRIERS = 16;
const KEY = /^["']?AIGC["']?[ \t]{0,8}[:=]/i;
const COMMENT = /^ {0,3}<!--[ \t]{0,8}["']?AIGC\b/i;
const COMMENT_OPENING = /^ {0,3}<!--[ \t]{0,8}$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]{0,8}(?:ya?ml|json)?[ \t]{0,8}$/i;

/** Every label of the body that lies within what was read, in the order of the file. */
export const bodyCarriers = ({ encoding, frontMatter, head, tail, isWhole }: MarkdownEnds): readonly BodyCarrier[] => {
  const found = new Map<number, BodyCarrier>();
  let from = frontMatter.lineCount;
  while (found.size < MOST_CARRIERS) {
    const block = blockAt(head, skipBlank(head, from), encoding);
    if (block === undefined) {
      break;
    }
    found.set(block.carrier.at, block.carrier);
    from = block.next;
  }
  for (const carrier of comments(head, from, encoding)) {
    found.set(carrier.at, carrier);
  }
  if (!isWhole) {
    for (const carrier of comments(tail, 0, encoding)) {
      found.set(carrier.at, carrier);
    }
  }
  let until = tail.length;
  for (let count = 0; count < MOST_CARRIERS; count += 1) {
    const block = blockBefore(tail, until, isWhole ? from : 0, encoding);
    if (block === undefined) {
      break;
    }
    found.set(block.carrier.at, block.carrier);
    until = block.line;
  }
  const bodyAt = head[frontMatter.lineCount - 1]?.end ?? 0;
  return withoutOverlap([...found.values()].filter(({ at }) => at >= bodyAt).sort((a, b) => a.at - b.at));
};

const withoutOverlap = (carriers: readonly BodyCarrier[]): readonly BodyCarrier[] => {
  const kept: BodyCarrier[] = [];
  for (const carrier of carriers) {
    if (carrier.at >= (kept.at(-1)?.end ?? 0)) {
      kept.push(carrier);
    }
  }
  return kept;
};

const skipBlank = (lines: readonly TextLine[], from: number): number => {
  const found = findFrom(lines, from, lines.length, (line) => !isBlank(line));
  return found < 0 ? lines.length : found;
};

const findFrom = (lines: readonly TextLine[], from: number, until: number, isWanted: (line: TextLine) => boolean): number => {
  for (let index = from; index < Math.min(until, lines.length); index += 1) {
    if (isWanted(lines[index] as TextLine)) {
      return index;
    }
  }
  return -1;
};

/** Comments of their own line, outside of fences. */
const comments = (lines: readonly TextLine[], from: number, encoding: TextEncoding): readonly BodyCarrier[] => {
  const found: BodyCarrier[] = [];
  let fence = '';
  for (let index = from; index < lines.length && found.length < MOST_CARRIERS; index += 1) {
    const { text } = lines[index] as TextLine;
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1] ?? '';
    if (mark !== '') {
      fence = fence === '' ? mark : mark.startsWith(fence) ? '' : fence;
    } else if (fence === '' && (COMMENT.test(text) || COMMENT_OPENING.test(text))) {
      const block = blockAt(lines, index, encoding);
      if (block !== undefined) {
        found.push(block.carrier);
        index = block.next - 1;
      }
    }
  }
  return found;
};

/** The label whose last line is the last line before `until` that is not blank. */
const blockBefore = (
  lines: readonly TextLine[],
  until: number,
  floor: number,
  encoding: TextEncoding,
): (Block & { readonly line: number }) | undefined => {
  let end = until;
  while (end > floor && isBlank(lines[end - 1] as TextLine)) {
    end -= 1;
  }
  for (let line = end - 1; line >= floor && line >= end - MOST_LINES; line -= 1) {
    const block = blockAt(lines, line, encoding);
    if (block !== undefined && block.next === end) {
      return { ...block, line };
    }
  }
  return undefined;
};

const blockAt = (lines: readonly TextLine[], index: number, encoding: TextEncoding, mayAnnounce = true): Block | undefined => {
  const line = lines[index];
  if (line === undefined) {
    return undefined;
  }
  if (COMMENT.test(line.text) || COMMENT_OPENING.test(line.text)) {
    return commentAt(lines, index, encoding, mayAnnounce);
  }
  const fence = FENCE.exec(line.text)?.[1];
  if (fence !== undefined) {
    return fencedAt(lines, index, (text) => /^ {0,3}(?:`+|~+)[ \t]*$/.test(text) && text.trim().startsWith(fence), 'fence', encoding);
  }
  if (/^---[ \t]*$/.test(line.text)) {
    return fencedAt(lines, index, (text) => /^---[ \t]*$/.test(text), 'front-matter', encoding);
  }
  return KEY.test(line.text) ? bareAt(lines, index, encoding) : undefined;
};

const fencedAt = (
  lines: readonly TextLine[],
  index: number,
  closes: (text: string) => boolean,
  kind: 'fence' | 'front-matter',
  encoding: TextEncoding,
): Block | undefined => {
  const closing = findFrom(lines, index + 1, index + 1 + MOST_LINES, ({ text }) => closes(text));
  const inner = closing < 0 ? [] : lines.slice(index + 1, closing);
  if (!inner.some(({ text }) => KEY.test(text))) {
    return undefined;
  }
  const entry = only(textOf(inner, encoding));
  return entry && blockOf(lines, index, closing + 1, kind, entry, kind === 'front-matter');
};

const commentAt = (lines: readonly TextLine[], index: number, encoding: TextEncoding, mayAnnounce: boolean): Block | undefined => {
  const closing = findFrom(lines, index, index + 1 + MOST_LINES, ({ text }) => text.includes('-->'));
  if (closing < 0) {
    return undefined;
  }
  const text = textOf(lines.slice(index, closing + 1), encoding).trim();
  if (!text.endsWith('-->') || text.indexOf('-->') !== text.length - 3) {
    return undefined;
  }
  const inner = text.slice(4, -3);
  const entry = only(inner.includes('\n') ? dedented(inner) : inner.trim());
  if (entry !== undefined) {
    return blockOf(lines, index, closing + 1, 'comment', entry, true);
  }
  // `<!-- AIGC 水印 -->` announces a label in the next lines, and goes with it; it announces no other announcement.
  const announced =
    mayAnnounce && /^AIGC[^:=\n]{0,40}$/i.test(inner.trim()) ? blockAt(lines, skipBlank(lines, closing + 1), encoding, false) : undefined;
  return announced && { next: announced.next, carrier: { ...announced.carrier, at: (lines[index] as TextLine).at, isRemovable: true } };
};

const bareAt = (lines: readonly TextLine[], index: number, encoding: TextEncoding): Block | undefined => {
  let end = index + 1;
  while (end < lines.length && end <= index + MOST_LINES && /^[ \t]+\S|^\}/.test((lines[end] as TextLine).text)) {
    end += 1;
  }
  const entry = only(textOf(lines.slice(index, end), encoding));
  return entry && blockOf(lines, index, end, 'lines', entry, true);
};

const blockOf = (
  lines: readonly TextLine[],
  index: number,
  next: number,
  kind: BodyCarrier['kind'],
  { value, fields }: Pick<YamlEntry, 'value' | 'fields'>,
  isRemovable: boolean,
): Block => ({
  next,
  carrier: { kind, at: (lines[index] as TextLine).at, end: (lines[next - 1] as TextLine).end, entry: { value, fields }, isRemovable },
});

/** Our key and nothing else, with a mapping or JSON behind it; `AIGC={…}`, too. Prose after `AIGC:` is not a label. */
const only = (text: string): Pick<YamlEntry, 'value' | 'fields'> | undefined => {
  const assigned = /^["']?AIGC["']?[ \t]{0,8}=[ \t]{0,8}(\{[\s\S]*\})\s*$/i.exec(text)?.[1];
  if (assigned !== undefined) {
    return { value: assigned, fields: undefined };
  }
  const piece = yamlPieceOf(text);
  if (piece.kind !== 'mapping' || piece.foreignKeys > 0 || piece.entries.length !== 1) {
    // `AIGC:{…}` without a space is JSON to us and one word to YAML.
    const tight = /^["']?AIGC["']?:(\{[\s\S]*\})\s*$/i.exec(text)?.[1];
    return tight === undefined ? undefined : { value: tight, fields: undefined };
  }
  const [entry] = piece.entries;
  return entry !== undefined && (entry.fields !== undefined || /^\s*\{/.test(entry.value)) ? entry : undefined;
};

/** Lines of a comment without their common indent, the first one aside. */
const dedented = (text: string): string => {
  const [first = '', ...rest] = text.split(/\r?\n/);
  if (first.trim() !== '') {
    return [first.trim(), ...rest].join('\n').trimEnd();
  }
  const filled = rest.filter((line) => line.trim() !== '');
  const indent = Math.min(...filled.map((line) => line.length - line.trimStart().length));
  return filled.map((line) => line.slice(indent)).join('\n');
};
