import { LabelError, type SlotText, utf8, type XmpProperty } from '@aigc-label/core';
import { isAsWritten, packetBody, readXmp, XMP_LIMIT_BYTES } from './read-xmp.ts';
import { RDF_NAMESPACE, scanXmp, type XmpElement, type XmpHit, type XmpScan } from './scan-xmp.ts';
import { decodeXmp } from './xmp-text.ts';

/** How a packet may grow. */
export interface SpliceXmpOptions {
  /** The most bytes that the carrier holds; padding is used up as far as needed. Without it there is no limit but `XMP_LIMIT_BYTES`. */
  readonly maximumBytes?: number;
  /** Where the packet stands, for errors. */
  readonly site?: string;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The packet with exactly one place of the property, a simple text element; the same bytes where it already is so. Every other character stays: an existing
 * value is replaced where it stands, a new one goes into an rdf:Description of its own before `</rdf:RDF>`. `undefined`, or a packet of nothing but white
 * space, gives a fresh packet. A packet marked read-only (`end="r"`) is edited too: the mark speaks to programs that do not know the file format around it
 * (XMP part 1 §7.3.2).
 *
 * @throws LabelError `FILE_DAMAGED` where the packet is not well-formed or not XMP, `FORMAT_UNSUPPORTED_FEATURE` where it is neither UTF-8 nor UTF-16, `LIMIT_EXCEEDED` where it
 * is too large or too deep, `CARRIER_FULL` above `maximumBytes`.
 */
export const spliceXmp = (packet: Uint8Array | undefined, property: XmpProperty, slot: SlotText, options: SpliceXmpOptions = {}): Uint8Array => {
  const site = options.site ?? 'xmp';
  const parsed = packet === undefined ? undefined : parse(packet, property, site);
  if (parsed === undefined || packet === undefined) {
    return fitted(freshPacket(property, slot), utf8, undefined, options.maximumBytes, site);
  }
  const edits = editsOf(parsed.scan, parsed.body, property, slot, site);
  return edits.length === 0 ? packet : fitted(joined(parsed, edits), parsed.encode, packet, options.maximumBytes, site);
};

/**
 * The packet without the property, for a packet that stands beside the one with the label; the same bytes where it has none.
 *
 * @throws LabelError as `spliceXmp` does, where the property is there and cannot be cut out.
 */
export const withoutXmpProperty = (packet: Uint8Array, property: XmpProperty, site: string = 'xmp'): Uint8Array => {
  if (readXmp(packet, property, site).properties.length === 0) {
    return packet;
  }
  const parsed = parse(packet, property, site);
  return parsed === undefined ? packet : parsed.encode(joined(parsed, inOrder(removals(parsed.scan.hits, undefined))));
};

interface Parsed {
  readonly before: string;
  readonly body: string;
  readonly after: string;
  readonly scan: XmpScan;
  encode(text: string): Uint8Array;
}

const parse = (packet: Uint8Array, property: XmpProperty, site: string): Parsed | undefined => {
  if (packet.length > XMP_LIMIT_BYTES) {
    throw new LabelError('LIMIT_EXCEEDED', `The XMP packet in ${site} holds ${packet.length} bytes; at most ${XMP_LIMIT_BYTES} are edited.`, {
      data: { site, length: packet.length, limitBytes: XMP_LIMIT_BYTES },
    });
  }
  const decoded = decodeXmp(packet);
  if (decoded === undefined) {
    throw new LabelError(
      'FORMAT_UNSUPPORTED_FEATURE',
      `The XMP packet in ${site} is neither UTF-8 nor UTF-16 text; save the file again with UTF-8 XMP.`,
      {
        data: { site },
      },
    );
  }
  const { before, body, after } = packetBody(decoded.text);
  if (body === '') {
    return undefined;
  }
  const scan = scanXmp(body, property);
  if (scan.fault !== undefined) {
    const code = scan.fault.kind === 'limit' ? 'LIMIT_EXCEEDED' : 'FILE_DAMAGED';
    throw new LabelError(
      code,
      `The XMP packet in ${site} cannot be edited: ${scan.fault.detail}. Save the file again with an editor that repairs it.`,
      {
        data: { site, what: scan.fault.detail },
      },
    );
  }
  return { before, body, after, scan, encode: decoded.encode };
};

const joined = ({ before, body, after }: Parsed, edits: readonly Edit[]): string => before + edited(body, edits) + after;

/** What goes with these places: themselves, or an rdf:Description that holds nothing else. */
export const removals = (hits: readonly XmpHit[], kept: XmpHit | undefined): readonly Edit[] => {
  const whole = new Set(hits.map(({ description }) => description).filter((one) => one.isOnlyOurs && one !== kept?.description));
  return [
    ...[...whole].map(({ element }) => ({ start: element.start, end: element.end, text: '' })),
    ...hits.filter(({ description }) => !whole.has(description)).map(({ start, end }) => ({ start, end, text: '' })),
  ];
};

const editsOf = (scan: XmpScan, body: string, property: XmpProperty, slot: SlotText, site: string): readonly Edit[] => {
  const kept = scan.hits.find((hit) => isAsWritten(hit, property));
  const edits: Edit[] = [
    ...removals(
      scan.hits.filter((hit) => hit !== kept),
      kept,
    ),
  ];
  if (kept?.element === undefined) {
    edits.push(insertion(scan, body, property, slot, site));
  } else if (kept.value !== slot.value) {
    edits.push(inside(kept.element, escapeText(slot.value), kept.element.openEnd));
  }
  return inOrder(edits);
};

const inOrder = (edits: readonly Edit[]): readonly Edit[] => edits.toSorted((a, b) => a.start - b.start);

const insertion = (scan: XmpScan, body: string, property: XmpProperty, slot: SlotText, site: string): Edit => {
  if (scan.rdf !== undefined) {
    return inside(scan.rdf, description(property, slot, scan.rdf.name.replace(/:?RDF$/, ''), scan), scan.rdf.closeStart);
  }
  if (scan.meta !== undefined) {
    const rdf = `<rdf:RDF xmlns:rdf="${RDF_NAMESPACE}">${description(property, slot, 'rdf', scan)}</rdf:RDF>`;
    return inside(scan.meta, rdf, scan.meta.closeStart);
  }
  throw new LabelError('FILE_DAMAGED', `The XMP packet in ${site} holds XML that is not XMP. Save the file again with an editor that repairs it.`, {
    data: { site, beginning: body.slice(0, 64) },
  });
};

/** Content for an element, from an offset inside it to its end tag, which it gets where it closed itself. */
const inside = (element: XmpElement, text: string, from: number): Edit =>
  element.isSelfClosing
    ? { start: element.openEnd - 2, end: element.openEnd, text: `>${text}</${element.name}>` }
    : { start: from, end: element.closeStart, text };

const description = (property: XmpProperty, slot: SlotText, rdfPrefix: string, scan: XmpScan): string => {
  // Where RDF is the default namespace, attributes still need a prefix (XML names §6.2).
  const rdf = rdfPrefix === '' ? 'rdf' : rdfPrefix;
  const declared = rdfPrefix === '' ? ` xmlns:rdf="${RDF_NAMESPACE}"` : '';
  const prefix = freePrefix(property, scan.takenPrefixes);
  return (
    `<${rdf}:Description${declared} ${rdf}:about=${scan.about} xmlns:${prefix}="${property.namespace}">` +
    `<${prefix}:${property.name}>${escapeText(slot.value)}</${prefix}:${property.name}></${rdf}:Description>`
  );
};

/** A prefix that the packet binds to nothing else: a nearer binding is legal XML, but some readers keep one table for the whole packet. */
const freePrefix = (property: XmpProperty, taken: ReadonlySet<string>): string => {
  let prefix = property.prefix;
  for (let number = 1; taken.has(prefix); number += 1) {
    prefix = `${property.prefix}_${number}`;
  }
  return prefix;
};

const freshPacket = (property: XmpProperty, slot: SlotText): string => {
  const nothing: XmpScan = { about: '""', hits: [], takenPrefixes: new Set(), hasSecondRdf: false };
  return (
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>' +
    `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${RDF_NAMESPACE}">${description(property, slot, 'rdf', nothing)}</rdf:RDF></x:xmpmeta>` +
    '<?xpacket end="w"?>'
  );
};

const escapeText = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const edited = (body: string, edits: readonly Edit[]): string => {
  let text = '';
  let position = 0;
  for (const { start, end, text: insert } of edits) {
    text += body.slice(position, start) + insert;
    position = end;
  }
  return text + body.slice(position);
};

/**
 * Brings a packet under the limit by using up its padding, the white space before `<?xpacket end` that XMP part 1 §7.3.2 puts there for this. Only as much
 * goes as is needed; what remains becomes plain spaces. A packet that was exactly full is kept so when its value shrinks, so that replacing there and back
 * gives the first bytes.
 */
const fitted = (
  text: string,
  encode: (text: string) => Uint8Array,
  original: Uint8Array | undefined,
  maximumBytes: number | undefined,
  site: string,
): Uint8Array => {
  const bytes = encode(text);
  if (maximumBytes === undefined || (bytes.length <= maximumBytes && original?.length !== maximumBytes)) {
    return bytes;
  }
  const end = text.lastIndexOf('<?xpacket');
  let start = Math.max(0, end);
  while (start > 0 && ' \t\r\n'.includes(text.charAt(start - 1))) {
    start -= 1;
  }
  const padding = end - start;
  const characterBytes = encode(' ').length;
  const excess = Math.ceil((bytes.length - maximumBytes) / characterBytes);
  if (excess > 0 && excess > padding) {
    const missingBytes = (excess - Math.max(0, padding)) * characterBytes;
    throw new LabelError(
      'CARRIER_FULL',
      `${site} holds at most ${maximumBytes} bytes and the XMP packet would need ${missingBytes} more; move other XMP (thumbnails, edit history) out of the file and try again.`,
      { data: { site, maximumBytes, missingBytes } },
    );
  }
  return padding <= 0 ? bytes : encode(text.slice(0, start) + ' '.repeat(padding - excess) + text.slice(end));
};
