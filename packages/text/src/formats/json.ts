// No guide names a place for JSON (spec/labels.md §3.5); why the first member: docs/decisions/0020.
import {
  type Anomaly,
  type ByteSource,
  damaged,
  type Format,
  LabelError,
  noPlaceInside,
  type Slot,
  type Slots,
  type SlotText,
  type Splice,
} from '@aigc-label/core';
import { memberCuts } from '../content/json-content.ts';
import { textContent } from '../content/text-content.ts';
import { bytesOfUnits, encodeUnits, encodingOf, readable, type TextEncoding, unitsOf } from '../encoding.ts';
import { type JsonMember, type JsonScan, scanJson } from '../json-scan.ts';
import { proven } from '../proof.ts';
import { textKindOf } from '../text-kind.ts';

const KEY = 'AIGC';
/** A text up to this size is read as a whole: only then it is sure that a label is the only one. Parsers hold JSON in memory, too. */
const MAXIMUM_JSON_BYTES: number = 16 << 20;
/** Of a larger one, so much is read: our place is the first member. */
const HEAD_WINDOW_BYTES: number = 64 << 10;
/** A label is a few hundred bytes; a value larger than this is not read. */
const MAXIMUM_VALUE_CHARACTERS: number = 256 << 10;

/** White space before the first key that is taken for an indent. */
const MAXIMUM_INDENT_CHARACTERS = 256;

/** JSON whose root is an object. */
export const json: Format = {
  id: 'json',
  modality: 'text',
  mediaTypes: ['application/json', 'text/json'],
  extensions: ['.json'],
  place: { description: 'the first member of the root object, "AIGC"', source: 'docs/decisions/0020', certainty: 'decision' },
  sidecar: 'some',
  textual: true,
  matches: (head) => textKindOf(head) === 'json',
  read: async (source) => (await survey(source)).slots,
  async plan(source, slot) {
    const { text, encoding, scan, slots } = await survey(source);
    assertPlannable(source, scan, encoding);
    const [only] = slots.found;
    if (slots.found.length === 1 && only?.isGuidePlace === true && only.value === slot.value) {
      return [];
    }
    return proven(source, splicesOf(text, scan, slot, encoding), slot, json.read);
  },
  async content(source) {
    const { text, encoding, scan, slots } = await survey(source);
    const at = (unit: number): number => encoding.markBytes + unit * encoding.unitBytes;
    // Where `plan` edits nothing, nothing is left out.
    const isEdited = scan.root === 'object' && slots.anomalies.length === 0;
    const cuts = isEdited ? memberCuts(text, scan).map(({ start, end }) => ({ start: at(start), end: at(end) })) : [];
    return textContent(source, 'json-1', cuts);
  },
};

interface Survey {
  readonly text: string;
  readonly encoding: TextEncoding;
  readonly scan: JsonScan;
  readonly slots: Slots;
}

const survey = async (source: ByteSource): Promise<Survey> => {
  const isWhole = source.size <= MAXIMUM_JSON_BYTES;
  const bytes = await source.read(0, isWhole ? source.size : HEAD_WINDOW_BYTES);
  const encoding = encodingOf(bytes);
  const text = unitsOf(bytes.subarray(encoding.markBytes), encoding);
  const scan = scanJson(text, KEY);
  const offset = (at: number): number => encoding.markBytes + at * encoding.unitBytes;
  const anomalies: Anomaly[] = [];
  if (!isWhole) {
    anomalies.push({
      code: 'limit',
      site: 'json',
      detail: `a JSON text of ${source.size} bytes; of more than ${MAXIMUM_JSON_BYTES} only the beginning is read`,
    });
  } else if (scan.fault !== undefined) {
    anomalies.push({ code: scan.fault.code, site: 'json', offset: offset(scan.fault.at), detail: scan.fault.detail });
  }
  if (encoding.unitBytes === 2 && isWhole && (source.size - encoding.markBytes) % 2 === 1) {
    anomalies.push({ code: 'truncated', site: 'json', offset: source.size - 1, detail: 'half a unit of UTF-16' });
  }
  const found: Slot[] = [];
  for (const member of scan.members) {
    if (member.end - member.valueStart > MAXIMUM_VALUE_CHARACTERS) {
      anomalies.push({ code: 'limit', site: 'json/AIGC', offset: offset(member.start), detail: 'a label that is too large to be read' });
    } else {
      found.push(slotOf(text, member, encoding));
    }
  }
  return { text, encoding, scan, slots: { found, anomalies } };
};

const slotOf = (text: string, member: JsonMember, encoding: TextEncoding): Slot => {
  const { start, keyEnd, valueStart, end, previousEnd } = member;
  const value = text.slice(valueStart, end);
  const isCompact = value.startsWith('{') && !/\s/.test(value.replace(/"(?:[^"\\]|\\.)*"/g, ''));
  const isGuidePlace = previousEnd === undefined && isCompact && text.slice(start, keyEnd) === `"${KEY}"` && valueStart === keyEnd + 1;
  const decoded = readable(bytesOfUnits(value, encoding), encoding);
  return { key: KEY, site: 'json/AIGC', isGuidePlace, value: value.startsWith('"') ? String(JSON.parse(decoded)) : decoded };
};

const assertPlannable = (source: ByteSource, { root, fault, members }: JsonScan, encoding: TextEncoding): void => {
  if (source.size > MAXIMUM_JSON_BYTES) {
    throw new LabelError(
      'LIMIT_EXCEEDED',
      `A JSON text of ${source.size} bytes is too large; at most ${MAXIMUM_JSON_BYTES} are edited. Let the label go into a file beside it.`,
      {
        data: { site: 'json', length: source.size, limitBytes: MAXIMUM_JSON_BYTES },
      },
    );
  }
  const large = members.find(({ valueStart, end }) => end - valueStart > MAXIMUM_VALUE_CHARACTERS);
  if (fault?.code === 'limit' || large !== undefined) {
    throw new LabelError('LIMIT_EXCEEDED', `This JSON text has ${fault?.detail ?? 'a label that is too large'}; correct it by hand.`, {
      data: { site: 'json' },
    });
  }
  if (fault !== undefined || (source.size - encoding.markBytes) % encoding.unitBytes !== 0) {
    throw damaged('json', encoding.markBytes + (fault?.at ?? 0) * encoding.unitBytes, fault?.detail ?? 'half a unit of UTF-16');
  }
  if (root !== 'object') {
    throw noPlaceInside('json', 'its root is no object, and a member more would need one');
  }
};

/** The first member takes the label; any other of the name goes with the comma before it. */
const splicesOf = (text: string, { inside, firstKey, members }: JsonScan, slot: SlotText, encoding: TextEncoding): readonly Splice[] => {
  const at = (unit: number): number => encoding.markBytes + unit * encoding.unitBytes;
  const splice = (start: number, end: number, text: string): Splice => ({
    at: at(start),
    remove: at(end) - at(start),
    insert: encodeUnits(text, encoding),
  });
  const member = `"${slot.key}":${slot.value}`;
  const later = members.filter(({ previousEnd }) => previousEnd !== undefined).map(({ previousEnd = 0, end }) => splice(previousEnd, end, ''));
  const first = members.find(({ previousEnd }) => previousEnd === undefined);
  if (first !== undefined) {
    return [splice(first.start, first.end, member), ...later];
  }
  if (firstKey === undefined) {
    return [splice(inside, inside, member), ...later];
  }
  // On a line of its own, indented as the others are; a wider gap is no indent.
  const gap = firstKey - inside > MAXIMUM_INDENT_CHARACTERS ? '' : text.slice(inside, firstKey);
  return [splice(firstKey, firstKey, `${member},${gap}`), ...later];
};
