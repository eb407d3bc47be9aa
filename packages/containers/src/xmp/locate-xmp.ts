import type { ByteRange, XmpProperty } from '@aigc-label/core';
import { localName, xmlMarkup } from '../xml/xml-markup.ts';
import { packetBody, readXmp, XMP_LIMIT_BYTES, type XmpFinding } from './read-xmp.ts';
import { scanXmp, type XmpElement, type XmpHit } from './scan-xmp.ts';
import { removals } from './splice-xmp.ts';
import { decodeXmp } from './xmp-text.ts';

/** An element of a packet. Offsets in bytes of the packet. */
export interface LocatedXmpElement {
  readonly name: string;
  readonly start: number;
  readonly openEnd: number;
  readonly closeStart: number;
  readonly end: number;
  readonly isSelfClosing: boolean;
}

/** A packet that is XMP, and where a property stands in it. */
export interface LocatedXmp {
  /** Set unless the packet holds white space only. */
  readonly meta?: LocatedXmpElement;
  readonly rdf?: LocatedXmpElement;
  readonly properties: readonly XmpFinding[];
  /**
   * What goes when the property is removed, in bytes of the packet; ascending. A property that holds elements other than a list, which could be scripts where the packet stands in a document,
   * stays out of it, with the rdf:Description around it.
   */
  readonly ranges: readonly ByteRange[];
}

/** Where a property stands in a packet; `undefined` for bytes that are no XMP (XMP part 1 §7.3): not text, not well-formed, of another kind, too deep or too large. */
export const locateXmp = (packet: Uint8Array, property: XmpProperty): LocatedXmp | undefined => {
  const decoded = packet.length > XMP_LIMIT_BYTES ? undefined : decodeXmp(packet);
  if (decoded === undefined) {
    return undefined;
  }
  const { before, body } = packetBody(decoded.text);
  if (body === '') {
    return { properties: [], ranges: [] };
  }
  const { fault, meta, rdf, hits } = scanXmp(body, property);
  if (fault !== undefined || (meta === undefined && rdf === undefined)) {
    return undefined;
  }
  const laden = new Set(hits.filter((hit) => !isInert(hit, body)).map(({ description }) => description));
  const inert = hits.filter(({ description }) => !laden.has(description));
  const edits = removals(inert, undefined).toSorted((a, b) => a.start - b.start);
  const elements = [meta, rdf].filter((element) => element !== undefined);
  const offsets = [...edits, ...elements].flatMap(({ start, end }) => [start, end]);
  const toBytes = byteOffsets(body, decoded.encode(before).length, decoded.encode, [
    ...offsets,
    ...elements.flatMap(({ openEnd, closeStart }) => [openEnd, closeStart]),
  ]);
  const located = ({ name, start, openEnd, closeStart, end, isSelfClosing }: XmpElement): LocatedXmpElement => ({
    name,
    start: toBytes(start),
    openEnd: toBytes(openEnd),
    closeStart: toBytes(closeStart),
    end: toBytes(end),
    isSelfClosing,
  });
  return {
    ...(meta === undefined ? {} : { meta: located(meta) }),
    ...(rdf === undefined ? {} : { rdf: located(rdf) }),
    properties: hits.length === 0 ? [] : readXmp(packet, property).properties,
    ranges: edits.map(({ start, end }) => ({ start: toBytes(start), end: toBytes(end) })),
  };
};

/** Text, or RDF's lists of texts. */
const LIST: readonly string[] = ['Alt', 'Bag', 'Seq', 'li'];

const isInert = ({ element, isPlain }: XmpHit, body: string): boolean => {
  if (element === undefined || isPlain || element.isSelfClosing) {
    return true;
  }
  for (const { kind, name } of xmlMarkup(body.slice(element.openEnd, element.closeStart))) {
    if (kind === 'instruction' || kind === 'unclosed' || ((kind === 'open' || kind === 'empty') && !LIST.includes(localName(name)))) {
      return false;
    }
  }
  return true;
};

/** Offsets in characters as offsets in bytes, in one pass over the text. */
const byteOffsets = (text: string, base: number, encode: (text: string) => Uint8Array, offsets: readonly number[]): ((offset: number) => number) => {
  const known = new Map<number, number>();
  let [position, bytes] = [0, base];
  for (const offset of offsets.toSorted((a, b) => a - b)) {
    bytes += encode(text.slice(position, offset)).length;
    position = offset;
    known.set(offset, bytes);
  }
  return (offset) => known.get(offset) as number;
};
