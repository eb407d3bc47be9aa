import { utf8 } from '@aigc-label/core';

export const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';

/** A packet of somebody else. */
export const foreignPacket = (inside = '', padding = 0): string =>
  `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Somebody">\n <rdf:RDF xmlns:rdf="${RDF}">\n` +
  `  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">\n   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">山 &amp; 水</rdf:li></rdf:Alt></dc:title>\n` +
  `  </rdf:Description>\n${inside} </rdf:RDF>\n</x:xmpmeta>\n${' '.repeat(padding)}<?xpacket end="w"?>`;

/** The label of another maker in the guide's property. */
export const labelledDescription = (value = '{&quot;Label&quot;:&quot;1&quot;}'): string =>
  `<rdf:Description rdf:about="" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/"><TC260:AIGC>${value}</TC260:AIGC></rdf:Description>`;

/** A packet without any rdf:Description that holds nothing but a label; a packet of nothing else is empty. */
export const withoutLabel = (packet: string): string => {
  const rest = packet.replace(/<rdf:Description [^<>]*tc260[^<>]*><TC260:AIGC>[^<]*<\/TC260:AIGC><\/rdf:Description>/g, '');
  return /<rdf:Description/.test(rest) ? rest : '';
};

export const packetBytes = (...parts: Parameters<typeof foreignPacket>): Uint8Array => utf8(foreignPacket(...parts));
