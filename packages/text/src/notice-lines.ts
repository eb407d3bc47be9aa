// What notices in plain text and Markdown have in common: a line of their own between blank lines, not before or behind a label.
import type { Splice } from '@aigc-label/core';
import type { TextEncoding } from './encoding.ts';
import { unitsOf } from './encoding.ts';
import { isBlank, type TextLine } from './lines.ts';
import type { NoticePlan, NoticePosition } from './notice.ts';
import { noPlaceFor } from './notice-encoder.ts';

/** A text whose lines `from` to `until` are its body: no front matter, no labels. */
export interface NoticeBody {
  readonly lines: readonly TextLine[];
  readonly from: number;
  readonly until: number;
  /** Where an empty body stands, in bytes. */
  readonly emptyAt: number;
  readonly encoding: TextEncoding;
  readonly ending: string;
  /** Whether a line right behind a notice would be taken as part of it (CommonMark §5.1). */
  readonly isLazy: boolean;
  readonly encode: (text: string) => Uint8Array;
  /** Lines before which a paragraph may be put, none of them the first. */
  readonly boundaries: readonly number[];
  /** Set where what stands last would swallow a notice. */
  readonly openEnd?: string | undefined;
}

/**
 * A corner mark (角标) where there is no typography: `【AI】`, a line of its own. Superscript letters would be other characters than AI, which neither GBK nor a
 * search nor every screen reader knows.
 */
export const bracketed = (text: string): string => `【${text}】`;

/** Puts `line` where it is missing. */
export const linesNotice = (body: NoticeBody, line: string, positions: readonly NoticePosition[]): NoticePlan => {
  const units = unitsOf(body.encode(line), body.encoding);
  const filled: number[] = [];
  for (let index = body.from; index < body.until; index += 1) {
    if (!isBlank(body.lines[index] as TextLine)) {
      filled.push(index);
    }
  }
  const isOurs = (index: number | undefined): boolean => index !== undefined && body.lines[index]?.text === units;
  const present = new Set<NoticePosition>();
  if (isOurs(filled[0])) {
    present.add('start');
  }
  if (isOurs(filled.at(-1)) && (filled.length > 1 || !positions.includes('start'))) {
    present.add('end');
  }
  if (filled.slice(1, -1).some(isOurs)) {
    present.add('middle');
  }
  const splices = (): readonly Splice[] =>
    positions
      .filter((position) => !present.has(position))
      .toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b))
      .map((position) => spliceAt(position, body, line, filled));
  return { present, splices };
};

const ORDER: readonly NoticePosition[] = ['start', 'middle', 'end'];

const spliceAt = (position: NoticePosition, body: NoticeBody, line: string, filled: readonly number[]): Splice => {
  const { lines, ending, encode } = body;
  const first = lines[filled[0] ?? -1];
  const last = lines[filled.at(-1) ?? -1];
  if (first === undefined || last === undefined) {
    return { at: body.emptyAt, remove: 0, insert: encode(line + ending) };
  }
  if (position === 'start') {
    return { at: first.at, remove: 0, insert: encode(line + ending + ending) };
  }
  if (position === 'end') {
    if (body.openEnd !== undefined) {
      throw noPlaceFor(position, body.openEnd);
    }
    const next = lines[(filled.at(-1) ?? 0) + 1];
    const behind = !body.isLazy || next === undefined || isBlank(next) ? '' : ending;
    return { at: last.end, remove: 0, insert: encode(last.ending === '' ? ending + ending + line : ending + line + ending + behind) };
  }
  const middle = (first.at + last.end) / 2;
  const [nearest] = body.boundaries.toSorted((a, b) => distance(lines[a], middle) - distance(lines[b], middle) || a - b);
  const boundary = nearest === undefined ? undefined : lines[nearest];
  if (nearest === undefined || boundary === undefined) {
    throw noPlaceFor(position, 'it has no two blocks');
  }
  const before = lines[nearest - 1];
  return { at: boundary.at, remove: 0, insert: encode((before === undefined || isBlank(before) ? '' : ending) + line + ending + ending) };
};

const distance = (line: TextLine | undefined, middle: number): number => Math.abs((line?.at ?? 0) - middle);
