import type { Anomaly, XmpProperty } from '@aigc-label/core';
import { scanXmp, type XmpDescription, type XmpHit, type XmpScan } from './scan-xmp.ts';
import { decodeXmp } from './xmp-text.ts';

/** The largest packet that is parsed: the biggest of the corpus has 9 KB, and JPEG holds 64 KB. */
export const XMP_LIMIT_BYTES: number = 1 << 20;

/** One place of a packet where the property stands. */
export interface XmpFinding {
  /** `TC260:AIGC`, `@TC260:AIGC` for an attribute, `TC260:*` where it is spread over one property a field. */
  readonly site: string;
  /** Unescaped once. */
  readonly value: string;
  readonly fields?: Readonly<Record<string, string>>;
  /** Whether it is a simple text element in the namespace that is written. */
  readonly isGuidePlace: boolean;
}

/** What was read from a packet. */
export interface XmpReading {
  readonly properties: readonly XmpFinding[];
  readonly anomalies: readonly Anomaly[];
}

/**
 * Every place of the property in an XMP packet (XMP part 1, ISO 16684-1, §7); never throws. What is not text, not well-formed, too deep or too large is an
 * anomaly beside whatever was found before it.
 *
 * @param site where the packet stands, for anomalies.
 */
export const readXmp = (packet: Uint8Array, property: XmpProperty, site: string = 'xmp'): XmpReading => {
  if (packet.length > XMP_LIMIT_BYTES) {
    const detail = `an XMP packet of ${packet.length} bytes; at most ${XMP_LIMIT_BYTES} are read`;
    return { properties: [], anomalies: [{ code: 'limit', site, detail }] };
  }
  const decoded = decodeXmp(packet);
  if (decoded === undefined) {
    return { properties: [], anomalies: [{ code: 'undecodable', site, detail: 'the XMP packet is neither UTF-8 nor UTF-16' }] };
  }
  const { body } = packetBody(decoded.text);
  if (body === '') {
    return { properties: [], anomalies: [] };
  }
  const scan = scanXmp(body, property);
  const anomalies: Anomaly[] = [];
  if (scan.fault !== undefined) {
    anomalies.push({ code: scan.fault.kind, site, detail: scan.fault.detail });
  } else if (scan.hasSecondRdf) {
    anomalies.push({ code: 'duplicate_structure', site, detail: 'the packet holds two rdf:RDF elements' });
  }
  return { properties: findingsOf(scan, property), anomalies };
};

/** What stands before and after the XML: white space, and the NULs with which some writers end a packet. */
export const packetBody = (text: string): { readonly before: string; readonly body: string; readonly after: string } => {
  let start = 0;
  let end = text.length;
  while (start < end && ' \t\r\n\0'.includes(text.charAt(start))) {
    start += 1;
  }
  while (end > start && ' \t\r\n\0'.includes(text.charAt(end - 1))) {
    end -= 1;
  }
  return { before: text.slice(0, start), body: text.slice(start, end), after: text.slice(end) };
};

/** Whether this hit is as it would be written. */
export const isAsWritten = (hit: XmpHit, property: XmpProperty): boolean =>
  hit.isPlain && hit.element !== undefined && hit.local === property.name && hit.namespace === property.namespace;

const findingsOf = (scan: XmpScan, property: XmpProperty): readonly XmpFinding[] => {
  const findings: XmpFinding[] = [];
  const spread = new Map<XmpDescription, Map<string, [string, string][]>>();
  for (const hit of scan.hits) {
    const name = hit.namespace === property.namespace ? `${property.prefix}:${hit.local}` : hit.name;
    if (hit.local === property.name || property.aliases.includes(hit.local)) {
      const isGuidePlace = isAsWritten(hit, property);
      findings.push({ site: hit.element === undefined ? `@${name}` : name, value: hit.value, isGuidePlace });
      continue;
    }
    const byNamespace = spread.get(hit.description) ?? new Map<string, [string, string][]>();
    const fields = byNamespace.get(hit.namespace) ?? [];
    fields.push([hit.local, hit.value]);
    byNamespace.set(hit.namespace, fields);
    spread.set(hit.description, byNamespace);
  }
  for (const [namespace, values] of [...spread.values()].flatMap((byNamespace) => [...byNamespace])) {
    const site = namespace === property.namespace ? `${property.prefix}:*` : `${namespace}*`;
    // A field that stands twice stays so in the text, for whoever judges it: an object would keep the last in silence.
    const value = `{${values.map(([name, text]) => `${JSON.stringify(name)}:${JSON.stringify(text)}`).join(',')}}`;
    const isTwice = new Set(values.map(([name]) => name)).size < values.length;
    findings.push({ site, value, ...(isTwice ? {} : { fields: Object.fromEntries(values) }), isGuidePlace: false });
  }
  return findings;
};
