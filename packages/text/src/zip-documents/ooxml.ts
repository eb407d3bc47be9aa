// TC260-PG-20258A §6.1: Office Open XML carries the label as a custom property of the document (ECMA-376-1 §15.2.12.2, §22.3).
import {
  appendInside,
  attributeOf,
  declarationOf,
  descendants,
  prefixOf,
  replaceAttribute,
  replaceContent,
  type XmlEdit,
  type XmlElement,
} from '@aigc-label/containers';
import { damaged, type Format, type SlotText, type Splice } from '@aigc-label/core';
import { ooxmlContent } from '../content/ooxml-content.ts';
import { type DocumentKind, documentKind, isZipHead } from './document-kind.ts';
import { assertReadable, planPackage, signed, slotsOf, type TextPart, type XmlPart } from './document-package.ts';
import {
  CUSTOM_CONTENT_TYPE,
  CUSTOM_PART,
  type CustomLabel,
  customLabelsOf,
  freshPart,
  idOf,
  KEY,
  labelsOf,
  NAMES,
  type OfficeDocument,
  officeText,
  overrideOf,
  PROPERTIES,
  propertyXml,
  readDocument,
  variantsOf,
} from './ooxml-document.ts';
import { addEdits } from './xml-labels.ts';

/** A kind of Office Open XML. */
export const ooxmlFormat = (id: DocumentKind, mediaTypes: readonly string[], extensions: readonly string[]): Format => ({
  id,
  modality: 'text',
  mediaTypes,
  extensions,
  place: { description: 'docProps/custom.xml, property "AIGC" (vt:lpwstr)', source: 'TC260-PG-20258A §6.1', certainty: 'guide' },
  matches: isZipHead,
  recognises: async (source) => (await documentKind(source)) === id,
  read: async (source) => {
    const document = await readDocument(source);
    return slotsOf(document.opened, document.parts, labelsOf(document));
  },
  plan: async (source, slot) => planDocument(await readDocument(source), slot, id),
  content: ooxmlContent,
});

/** Names that a part of ours may have. */
const PART_NAME = /^(?:[\w-]+\/)*[\w-]+(?:\.[\w-]+)*$/;
const STRICT = 'http://purl.oclc.org/ooxml/';

const planDocument = async (document: OfficeDocument, slot: SlotText, format: string): Promise<readonly Splice[]> => {
  if (slot.key !== KEY) {
    throw new TypeError(`an Office document carries ${KEY}, not ${slot.key}`);
  }
  const { opened, contentTypes, relationships, customs, customName, isConnected } = document;
  const types = (relationships?.root?.children ?? []).map((element) => attributeOf(element, 'Type')?.value ?? '');
  if (types.some((type) => type.endsWith('/digital-signature/origin')) || opened.zip.entries.some(({ name }) => /^_xmlsignatures\//i.test(name))) {
    throw signed(format);
  }
  assertReadable(document.parts);
  if (contentTypes?.root === undefined || relationships?.root === undefined) {
    throw damaged('[Content_Types].xml', 0, 'the document has no list of its parts, or nothing that leads to them');
  }
  const edits = new Map<TextPart, XmlEdit[]>();
  const names = types.some((type) => type.startsWith(STRICT)) ? NAMES.strict : NAMES.transitional;
  const [custom] = customs;
  const labels = customLabelsOf(document);
  const kept = labels.find(({ isPlain }) => isPlain) ?? labels[0];
  for (const { part, element, removal } of labelsOf(document)) {
    if (element !== kept?.element) {
      addEdits(edits, part, removal);
    }
  }
  if (custom?.root !== undefined) {
    addEdits(edits, custom, ...customEdits(custom.root, kept, slot));
  }
  if (!isConnected.contentType) {
    addEdits(edits, contentTypes, contentTypeEdit(contentTypes, contentTypes.root, customName));
  }
  if (!isConnected.relationship) {
    addEdits(edits, relationships, relationshipEdit(relationships.root, names.relationship));
  }
  if (custom === undefined && !PART_NAME.test(customName)) {
    throw damaged('_rels/.rels', 0, 'the relationship of the custom properties leads nowhere');
  }
  const added = custom === undefined ? [{ name: customName, text: freshPart(names, slot.value) }] : [];
  return planPackage(opened, { edits, added });
};

const customEdits = (root: XmlElement, kept: CustomLabel | undefined, { value }: SlotText): readonly XmlEdit[] => {
  if (!PROPERTIES.includes(root.namespace) || root.local !== 'Properties') {
    throw damaged(CUSTOM_PART, root.start, 'the part of the custom properties holds something else');
  }
  if (kept?.isPlain === true) {
    return kept.slot.value === officeText(value) ? [] : [replaceContent(kept.element.children[0] as XmlElement, officeText(value))];
  }
  const number = Math.max(1, ...descendants(root).map(idOf)) + 1;
  const fresh = propertyXml(prefixOf(root), declarationOf([root], 'vt', variantsOf(root.namespace)), number, value);
  return [kept === undefined ? appendInside(root, fresh) : { start: kept.element.start, end: kept.element.end, text: fresh }];
};

const contentTypeEdit = (part: XmlPart, root: XmlElement, name: string): XmlEdit => {
  const present = overrideOf(part, name);
  const type = present === undefined ? undefined : attributeOf(present, 'ContentType');
  return type !== undefined
    ? replaceAttribute(type, CUSTOM_CONTENT_TYPE)
    : appendInside(root, `<${prefixOf(root)}Override PartName="/${name}" ContentType="${CUSTOM_CONTENT_TYPE}"/>`);
};

const relationshipEdit = (root: XmlElement, type: string): XmlEdit => {
  const taken = new Set(root.children.map((element) => attributeOf(element, 'Id')?.value));
  let number = root.children.length + 1;
  while (taken.has(`rId${number}`)) {
    number += 1;
  }
  return appendInside(root, `<${prefixOf(root)}Relationship Id="rId${number}" Type="${type}" Target="${CUSTOM_PART}"/>`);
};
