import { applySplices, bytesSource, latin1, utf8 } from '@aigc-label/core';
import { sampleSlotText, testContent } from '@aigc-label/test-fixtures';
import { expect, it } from 'vitest';
import { labelledDescription, RDF } from '../../test/packets.ts';
import { svg } from '../formats/svg.ts';

const NS = 'xmlns="http://www.w3.org/2000/svg"';
const foreign = '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:title="山"/>';
const own = labelledDescription();
const rdf = (inside: string, more = ''): string => `<rdf:RDF xmlns:rdf="${RDF}"${more}>${inside}</rdf:RDF>`;
const file = (...inside: readonly string[]): Uint8Array => utf8(`<svg ${NS} width="9"><g/>${inside.join('')}</svg>`);
const MARKER = 'AIGC: {"Label":"1"}';

testContent({
  format: svg,
  fixtures: [
    {
      name: 'a picture without metadata',
      bytes: utf8(`<?xml version="1.0"?>\n<svg ${NS} width="9"><title>山</title><g/></svg>\n`),
      edited: [
        { by: 'empty metadata', bytes: utf8(`<?xml version="1.0"?>\n<svg ${NS} width="9"><title>山</title><metadata></metadata><g/></svg>\n`) },
        {
          by: 'a label of another maker',
          bytes: utf8(`<?xml version="1.0"?>\n<svg ${NS} width="9"><title>山</title><metadata>${rdf(own)}</metadata><g/></svg>\n`),
        },
      ],
      changed: [
        {
          how: 'foreign metadata come',
          bytes: utf8(`<?xml version="1.0"?>\n<svg ${NS} width="9"><title>山</title><metadata>${rdf(own + foreign)}</metadata><g/></svg>\n`),
        },
        {
          how: 'a script comes into metadata',
          bytes: utf8(`<?xml version="1.0"?>\n<svg ${NS} width="9"><title>山</title><metadata><script/></metadata><g/></svg>\n`),
        },
        {
          how: 'a script comes into what looks like a label',
          bytes: utf8(
            `<?xml version="1.0"?>\n<svg ${NS} width="9"><title>山</title><metadata>${rdf(labelledDescription('<script>alert(1)</script>'))}</metadata><g/></svg>\n`,
          ),
        },
        { how: 'bytes follow', bytes: utf8(`<?xml version="1.0"?>\n<svg ${NS} width="9"><title>山</title><g/></svg>\n<a/>`) },
      ],
    },
    { name: 'a picture that closes itself', bytes: utf8(`<svg:svg xmlns:svg="http://www.w3.org/2000/svg" />`) },
    {
      name: 'a picture with nothing in it',
      bytes: utf8(`<svg ${NS}></svg>`),
      edited: [{ by: 'a label of another maker', bytes: utf8(`<svg ${NS}><metadata>${rdf(own)}</metadata></svg>`) }],
    },
    {
      name: 'empty metadata with an identifier',
      bytes: file('<metadata id="m"/>'),
      edited: [{ by: 'an end tag', bytes: file('<metadata id="m"></metadata>') }],
      changed: [
        { how: 'the identifier is another', bytes: file('<metadata id="n"/>') },
        { how: 'there is another namespace', bytes: file(`<metadata id="m">${rdf('', ' xmlns:a="b"')}</metadata>`) },
      ],
    },
    { name: 'foreign metadata without RDF', bytes: file('<metadata>\n words </metadata>') },
    { name: 'empty RDF', bytes: file(`<metadata><rdf:RDF xmlns:rdf="${RDF}" xmlns:a="b"/></metadata>`) },
    {
      name: 'foreign RDF in a packet, with a label of another maker',
      bytes: file(
        `<metadata><?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/">${rdf(foreign + own)}</x:xmpmeta><?xpacket end="w"?></metadata>`,
      ),
      edited: [
        {
          by: 'no label',
          bytes: file(`<metadata><?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/">${rdf(foreign)}</x:xmpmeta><?xpacket end="w"?></metadata>`),
        },
      ],
    },
    {
      name: 'a label outside of metadata, and markers',
      bytes: utf8(`<svg ${NS}><!-- ${MARKER} --><defs>${rdf(own)}</defs><g/></svg><!--${MARKER}-->\n${MARKER}`),
      edited: [{ by: 'none of them', bytes: utf8(`<svg ${NS}><defs></defs><g/></svg>\n`) }],
    },
    {
      name: 'properties of ours between those of others',
      bytes: file(
        `<metadata>${rdf(`<rdf:Description rdf:about="" xmlns:T="http://www.tc260.org.cn/ns/AIGC/1.0/" T:AIGC="{}" xmlns:dc="urn:d" dc:a="b"><T:AIGC>{}</T:AIGC></rdf:Description>`)}</metadata>`,
      ),
    },
  ],
});

it('leaves out what labelling has made, and not the end tag of what it has opened', async () => {
  const carried = async (text: string): Promise<readonly string[]> => {
    const file = utf8(text);
    const labelled = applySplices(file, await svg.plan(bytesSource(file), sampleSlotText));
    const { carriers } = await svg.content!(bytesSource(labelled));
    return carriers.map(({ start, end }) => latin1(labelled.subarray(start, end)).replace(/<rdf:Description.*Description>/, '…'));
  };
  expect(await carried(`<svg ${NS}/>`)).toEqual([`<metadata><rdf:RDF xmlns:rdf="${RDF}">…</rdf:RDF></metadata>`]);
  expect(await carried(`<svg ${NS}><metadata id="m"/></svg>`)).toEqual([`<rdf:RDF xmlns:rdf="${RDF}">…</rdf:RDF>`]);
  expect(await carried(`<svg ${NS}><metadata id="m">${rdf(foreign)}</metadata></svg>`)).toEqual(['…']);
});
