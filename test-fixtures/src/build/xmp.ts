import { sampleSlotText } from '../slot-text.ts';

/** XMP for tests of what readers make of lies. */

export const NAMESPACE = 'http://www.tc260.org.cn/ns/AIGC/1.0/';
const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';

/** The label of the samples, and one that contradicts it. */
export const LABEL: string = sampleSlotText.value;
export const CONTRADICTION: string = LABEL.replace('"Label":"1"', '"Label":"2"');

/** Parts of a packet. */
export interface PacketParts {
  /** Before `x:xmpmeta`. */
  readonly before?: string;
  /** Attributes of `rdf:Description` beside the namespace. */
  readonly attributes?: string;
  /** Inside `rdf:Description`. */
  readonly inside?: string;
}

/** A packet with whatever stands inside of its description. */
export const packetAround = ({ before = '', attributes = '', inside = '' }: PacketParts): string =>
  `${before}<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${RDF}">` +
  `<rdf:Description rdf:about="" xmlns:TC260="${NAMESPACE}"${attributes}>${inside}</rdf:Description></rdf:RDF></x:xmpmeta>`;

/** The label as the guide has it. */
export const element = (label: string = LABEL): string => `<TC260:AIGC>${escaped(label)}</TC260:AIGC>`;

export const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** A packet with one label. */
export const labelledPacket = (label: string = LABEL): string => packetAround({ inside: element(label) });
