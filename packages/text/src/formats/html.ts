import { type ByteSource, type Format, LabelError, readBounded, type Slot, type Slots, type Splice } from '@aigc-label/core';
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import { textContent } from '../content/text-content.ts';
import { encodeUnits, readable } from '../encoding.ts';
import { type HtmlCarrier, type HtmlHead, readHtmlHead } from '../html-head.ts';
import { proven, says } from '../proof.ts';
import { textKindOf } from '../text-kind.ts';

/** A label is a few hundred bytes; a carrier larger than this is not read. */
const MOST_CARRIER_BYTES = 64 << 10;
/** What the element of a label may have. */
const LABEL_ATTRIBUTES: Readonly<Record<HtmlCarrier['kind'], ReadonlySet<string>>> = {
  meta: new Set(['name', 'property', 'content']),
  script: new Set(['id', 'type']),
};
/** Where these stand, both name the label. */
const NAMING: ReadonlySet<string> = new Set(['name', 'property']);
/** Charsets in which ASCII bytes are not always ASCII characters: a tag could be something else. */
const NOT_ASCII_SUPERSETS = /^(?:iso-2022-|csiso2022|hz-gb|utf-7|utf-32|ebcdic|ibm037)/;

/** HTML: `<meta name="AIGC" content="…">` in the head. No guide names a place for HTML (spec/labels.md §3.5). */
export const html: Format = {
  id: 'html',
  modality: 'text',
  mediaTypes: ['text/html', 'application/xhtml+xml'],
  extensions: ['.html', '.htm', '.xhtml'],
  place: {
    description: '<meta name="AIGC" content="…"> in <head>, behind the declaration of the charset',
    source: 'docs/decisions/0003',
    certainty: 'decision',
  },
  textual: true,
  matches: (head) => textKindOf(head) === 'html',
  read: async (source) => (await survey(source)).slots,
  async plan(source, slot) {
    const { head, slots, held } = await survey(source);
    const [only] = slots.found;
    if (slots.found.length === 1 && held.length === 1 && only?.isGuidePlace === true && says(only.value, only.fields, slot)) {
      return [];
    }
    const obstacle = obstacleOf(head, held);
    if (obstacle !== undefined) {
      throw obstacle;
    }
    const insert = encodeUnits(elementOf(slot.value, head.isXhtml), head.encoding);
    const removals = held.map(
      ({ carrier }): Splice => ({ at: carrier.at, remove: (carrier.end ?? carrier.at) - carrier.at, insert: new Uint8Array() }),
    );
    const inPlace = removals.find(({ at }) => at === head.insertAt);
    const splices =
      inPlace === undefined
        ? [{ at: head.insertAt, remove: 0, insert }, ...removals]
        : removals.map((splice) => (splice === inPlace ? { ...splice, insert } : splice));
    return proven(source, splices, slot, html.read);
  },
  async content(source) {
    const { head, held } = await survey(source);
    const cuts = held.filter(({ isLabelOnly }) => isLabelOnly).map(({ carrier: { at, end = at } }) => ({ start: at, end }));
    return textContent(source, 'html-1', obstacleOf(head, held) === undefined ? cuts : []);
  },
};

/** Whether markup can be found by its bytes in pages of this charset. */
export const isAsciiSuperset = (charset: string | undefined): boolean => charset === undefined || !NOT_ASCII_SUPERSETS.test(charset);

interface Held {
  readonly carrier: HtmlCarrier;
  readonly slot: Slot | undefined;
  /** Whether its attributes say nothing else: `http-equiv` could send a reader to another page. */
  readonly isLabelOnly: boolean;
}

const survey = async (source: ByteSource): Promise<{ readonly head: HtmlHead; readonly held: readonly Held[]; readonly slots: Slots }> => {
  const head = await readHtmlHead(source);
  const held: Held[] = [];
  for (const carrier of head.carriers) {
    held.push({ carrier, ...(await heldBy(source, head, carrier)) });
  }
  const anomalies: Slots['anomalies'] = [
    ...(head.obstacle === 'limit' ? [{ code: 'limit' as const, site: 'html/head', detail: 'the head does not end within what is read' }] : []),
    ...(head.obstacle === 'template'
      ? [{ code: 'damaged' as const, site: 'html/head/template', detail: 'a template in the head cannot be followed' }]
      : []),
    ...held.flatMap(({ carrier, slot }) =>
      slot === undefined
        ? [{ code: 'undecodable' as const, site: `html/${carrier.kind}[AIGC]`, offset: carrier.at, detail: 'not closed, or too large' }]
        : [],
    ),
  ];
  return { head, held, slots: { found: held.flatMap(({ slot }) => slot ?? []), anomalies } };
};

const heldBy = async (source: ByteSource, head: HtmlHead, carrier: HtmlCarrier): Promise<Omit<Held, 'carrier'>> => {
  const { at, end } = carrier;
  if (end === undefined || end - at > MOST_CARRIER_BYTES) {
    return { slot: undefined, isLabelOnly: false };
  }
  const text = readable(await readBounded(source, at, end - at, MOST_CARRIER_BYTES, 'html/head'), head.encoding);
  const [element] = parseFragment(text).childNodes;
  if (element === undefined || !('attrs' in element)) {
    return { slot: undefined, isLabelOnly: false };
  }
  const isLabelOnly = element.attrs.every(
    ({ name, value }) => LABEL_ATTRIBUTES[carrier.kind].has(name) && (!NAMING.has(name) || /^\s*AIGC\s*$/i.test(value)),
  );
  if (carrier.kind === 'script') {
    return { slot: { key: 'AIGC', site: 'html/script[AIGC]', isGuidePlace: false, value: textOf(element).trim() }, isLabelOnly };
  }
  const value = element.attrs.find(({ name }) => name === 'content')?.value ?? '';
  const isGuidePlace = at === head.insertAt && text === elementOf(value, head.isXhtml);
  return { slot: { key: 'AIGC', site: 'html/meta[AIGC]', isGuidePlace, value }, isLabelOnly };
};

const textOf = (element: DefaultTreeAdapterTypes.Element): string =>
  element.childNodes.map((node) => ('value' in node && node.nodeName === '#text' ? node.value : '')).join('');

/** Character references for what an attribute in quotes cannot hold, and for `<` and `>`, which XML and simple scanners stumble over. */
const elementOf = (value: string, isXhtml: boolean): string => {
  const content = value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<meta name="AIGC" content="${content}"${isXhtml ? ' />' : '>'}`;
};

const obstacleOf = (head: HtmlHead, held: readonly Held[]): LabelError | undefined => {
  if (head.obstacle === 'limit') {
    return new LabelError(
      'LIMIT_EXCEEDED',
      'The head of this page does not end within 1 MiB; move scripts, styles and fonts into files of their own, or into the body.',
      {
        data: { site: 'html/head' },
      },
    );
  }
  if (head.obstacle === 'template') {
    return new LabelError(
      'FORMAT_UNSUPPORTED_FEATURE',
      'The head of this page has a template that cannot be followed safely; move it into the body.',
      {
        data: { site: 'html/head/template' },
      },
    );
  }
  if (!isAsciiSuperset(head.charset)) {
    return new LabelError('FORMAT_UNSUPPORTED_FEATURE', `The page is encoded as ${head.charset}; save it as UTF-8 first.`, {
      data: { charset: head.charset },
    });
  }
  const unreadable = held.find(({ slot }) => slot === undefined);
  if (unreadable !== undefined) {
    return new LabelError('FILE_DAMAGED', `A label at byte ${unreadable.carrier.at} of this page is not closed or too large; remove it by hand.`, {
      data: { site: `html/${unreadable.carrier.kind}[AIGC]`, offset: unreadable.carrier.at },
    });
  }
  return undefined;
};
