// GB/T 33190-2016 §7.4: OFD.xml, the entry of a document; CT_DocInfo ends with CustomDatas, pairs of names and texts.
import { appendInside, attributeOf, escapeXml, prefixOf, replaceContent, type XmlEdit, type XmlElement } from '@aigc-label/containers';
import { type ByteSource, damaged, type Format, isLooseLabel, type Slot, type SlotText, type Splice } from '@aigc-label/core';
import { ofdContent } from '../content/ofd-content.ts';
import { documentKind, isZipHead } from '../zip-documents/document-kind.ts';
import {
  assertReadable,
  type DocumentPackage,
  openPackage,
  planPackage,
  readXmlParts,
  signed,
  slotsOf,
  type TextPart,
  type XmlPart,
} from '../zip-documents/document-package.ts';
import { addEdits, isKey, looseLabels, type PartLabel, textOf } from '../zip-documents/xml-labels.ts';

const KEY = 'AIGC';

/** Documents of OFD, the fixed layout of China's public offices. */
export const ofd: Format = {
  id: 'ofd',
  modality: 'text',
  mediaTypes: ['application/ofd'],
  extensions: ['.ofd'],
  place: { description: 'OFD.xml, DocInfo/CustomDatas/CustomData "AIGC"', source: 'docs/decisions/0019', certainty: 'decision' },
  matches: isZipHead,
  recognises: async (source) => (await documentKind(source)) === 'ofd',
  read: async (source) => {
    const document = await readDocument(source);
    return slotsOf(document.opened, document.entries, labelsOf(document));
  },
  plan: async (source, slot) => planDocument(await readDocument(source), slot),
  content: async (source) => {
    const document = await readDocument(source);
    return ofdContent(document, labelsOf(document));
  },
};

interface OfdDocument {
  readonly opened: DocumentPackage;
  /** OFD.xml; more than one only in a broken archive. */
  readonly entries: readonly XmlPart[];
}

const readDocument = async (source: ByteSource): Promise<OfdDocument> => {
  const opened = await openPackage(source);
  return { opened, entries: await readXmlParts(opened, 'OFD.xml') };
};

const childrenOf = (element: XmlElement | undefined, local: string): readonly XmlElement[] =>
  element?.children.filter((child) => child.local === local) ?? [];

const labelsOf = ({ entries }: OfdDocument): readonly PartLabel[] =>
  entries.flatMap((part) => {
    const bodies = childrenOf(part.root, 'DocBody');
    const own = bodies.flatMap((body, index) => {
      const [info] = childrenOf(body, 'DocInfo');
      return childrenOf(info, 'CustomDatas').flatMap((list) =>
        childrenOf(list, 'CustomData').flatMap((data) => labelIn(part, data, index, entries.length)),
      );
    });
    return [...own, ...looseLabels(part, KEY, new Set(own.map(({ element }) => element)))];
  });

const labelIn = (part: XmlPart, element: XmlElement, body: number, twins: number): readonly PartLabel[] => {
  const name = attributeOf(element, 'Name')?.value;
  const value = textOf(element);
  if (!isKey(name, KEY) && !isLooseLabel(value, KEY)) {
    return [];
  }
  const isGuidePlace = body === 0 && twins === 1 && name === KEY && element.children.length === 0;
  const slot: Slot = { key: KEY, site: `OFD.xml/CustomData[${name ?? ''}]`.slice(0, 200), isGuidePlace, value };
  return [{ slot, part, element, removal: { start: element.start, end: element.end, text: '' } }];
};

const planDocument = async (document: OfdDocument, slot: SlotText): Promise<readonly Splice[]> => {
  if (slot.key !== KEY) {
    throw new TypeError(`an OFD carries ${KEY}, not ${slot.key}`);
  }
  const { opened, entries } = document;
  assertReadable(entries);
  const [entry] = entries;
  const bodies = childrenOf(entry?.root, 'DocBody');
  if (
    bodies.some((body) => childrenOf(body, 'Signatures').length > 0) ||
    opened.zip.entries.some(({ name }) => /(?:^|\/)Signatures\.xml$/i.test(name))
  ) {
    throw signed('ofd');
  }
  const [info] = childrenOf(bodies[0], 'DocInfo');
  if (entry === undefined || info === undefined) {
    throw damaged('OFD.xml', entry?.entry.start ?? 0, 'the document has no DocInfo, which would hold the label');
  }
  const edits = new Map<TextPart, XmlEdit[]>();
  const labels = labelsOf(document);
  const kept = labels.find(({ slot: { isGuidePlace } }) => isGuidePlace);
  for (const { part, element, removal } of labels) {
    if (element !== kept?.element) {
      addEdits(edits, part, removal);
    }
  }
  if (kept?.element === undefined) {
    addEdits(edits, entry, newPlace(info, slot));
  } else if (kept.slot.value !== slot.value) {
    addEdits(edits, entry, replaceContent(kept.element, slot.value));
  }
  return planPackage(opened, { edits, added: [] });
};

const newPlace = (info: XmlElement, { value }: SlotText): XmlEdit => {
  const prefix = prefixOf(info);
  const data = `<${prefix}CustomData Name="${KEY}">${escapeXml(value)}</${prefix}CustomData>`;
  const [list] = childrenOf(info, 'CustomDatas');
  return list === undefined ? appendInside(info, `<${prefix}CustomDatas>${data}</${prefix}CustomDatas>`) : appendInside(list, data);
};
