import { utf8 } from '@aigc-label/core';
import { testContent } from '@aigc-label/test-fixtures';
import { foreignPacket, labelledDescription, packetBytes, RDF } from '../../test/packets.ts';
import { xmp } from '../formats/xmp.ts';

const META = '<x:xmpmeta xmlns:x="adobe:ns:meta/">';
const wide = (text: string): Uint8Array => {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return new Uint8Array(bytes);
};

testContent({
  format: xmp,
  fixtures: [
    {
      name: 'a packet of somebody',
      bytes: packetBytes('', 40),
      edited: [{ by: 'a label of another maker', bytes: packetBytes(labelledDescription(), 40) }],
      changed: [
        { how: 'something comes', bytes: packetBytes('<rdf:Description rdf:about="" xmlns:a="urn:a" a:b="c"/>', 40) },
        { how: 'the padding is another', bytes: packetBytes('', 41) },
      ],
    },
    {
      name: 'a packet without RDF',
      bytes: utf8(`${META}</x:xmpmeta>`),
      edited: [
        { by: 'RDF with a label', bytes: utf8(`${META}<rdf:RDF xmlns:rdf="${RDF}">${labelledDescription()}</rdf:RDF></x:xmpmeta>`) },
        { by: 'empty RDF', bytes: utf8(`${META}<rdf:RDF xmlns:rdf="${RDF}"/></x:xmpmeta>`) },
        { by: 'nothing', bytes: utf8(`${META.slice(0, -1)}/>`) },
      ],
      changed: [{ how: 'there is another namespace', bytes: utf8(`${META}<rdf:RDF xmlns:rdf="${RDF}" xmlns:a="b"/></x:xmpmeta>`) }],
    },
    {
      name: 'RDF that closes itself, alone',
      bytes: utf8(`\uFEFF<rdf:RDF xmlns:rdf="${RDF}" />\n`),
      edited: [{ by: 'a label', bytes: utf8(`\uFEFF<rdf:RDF xmlns:rdf="${RDF}" >${labelledDescription()}</rdf:RDF>\n`) }],
    },
    { name: 'a packet of UTF-16', bytes: wide(foreignPacket(labelledDescription())) },
    { name: 'spaces before an end tag', bytes: utf8(`${META}<rdf:RDF xmlns:rdf="${RDF}">\n</rdf:RDF ></x:xmpmeta >`) },
  ],
});
