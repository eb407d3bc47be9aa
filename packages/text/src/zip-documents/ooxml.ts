// TC260-PG-20258A §6.1: Office Open XML carries the label as a custom property of the document (ECMA-376-1 §15.2.12.2, §22.3).
import {
  appendInside,
  attributeOf,
  declarationOf,
  descendants,
  escapeXml,
  prefixOf,
  replaceAttribute,
  replaceContent,
  type XmlEdit,
  type XmlElement,
} from '@aigc-label/containers';
import { type ByteSource, damaged, type Format, isLooseLabel, type Slot, type SlotText, type Splice } from '@aigc-label/core';
import { type DocumentKind, documentKind, isZipHead } from './document-kind.ts';
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
} from './document-package.ts';
import { addEdits, isKey, looseLabels, type PartLabel, textOf } from './xml-labels.ts';

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
});

const KEY = 'AIGC';
const FORMAT_ID = '{D5CDD505-2E9C-101B-9397-08002B2CF9AE}';
const CUSTOM_CONTENT_TYPE = 'application/vnd.openxmlformats-officedocument.custom-properties+xml';
const CUSTOM_PART = 'docProps/custom.xml';

/** Names that a part of ours may have. */
const PART_NAME = /^(?:[\w-]+\/)*[\w-]+(?:\.[\w-]+)*$/;
const STRICT = 'http://purl.oclc.org/ooxml/';

/** Namespaces and the type of the relationship: Transitional as everybody writes it, and Strict (ECMA-376-1 annex A; ECMA-376-4). */
const NAMES = {
  transitional: {
    properties: 'http://schemas.openxmlformats.org/officeDocument/2006/custom-properties',
    variants: 'http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes',
    relationship: 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties',
  },
  strict: {
    properties: 'http://purl.oclc.org/ooxml/officeDocument/customProperties',
    variants: 'http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes',
    relationship: 'http://purl.oclc.org/ooxml/officeDocument/relationships/customProperties',
  },
} as const;
const VARIANTS: readonly string[] = [NAMES.transitional.variants, NAMES.strict.variants];
const PROPERTIES: readonly string[] = [NAMES.transitional.properties, NAMES.strict.properties];

interface OfficeDocument {
  readonly opened: DocumentPackage;
  readonly contentTypes: XmlPart | undefined;
  readonly relationships: XmlPart | undefined;
  /** The part that the relationship names, or that stands where it belongs; more than one only in a broken archive. */
  readonly customs: readonly XmlPart[];
  readonly customName: string;
  /** Whether programs find the part: relationship and content type. */
  readonly isConnected: { readonly relationship: boolean; readonly contentType: boolean };
  readonly others: readonly XmlPart[];
  readonly parts: readonly XmlPart[];
}

const readDocument = async (source: ByteSource): Promise<OfficeDocument> => {
  const opened = await openPackage(source);
  const [contentTypes] = await readXmlParts(opened, '[Content_Types].xml', true);
  const [relationships] = await readXmlParts(opened, '_rels/.rels', true);
  const targets = (relationships?.root?.children ?? []).map((element) => ({
    type: attributeOf(element, 'Type')?.value ?? '',
    name: partName(attributeOf(element, 'Target')?.value ?? ''),
  }));
  const targetOf = (ending: RegExp): string | undefined => targets.find(({ type }) => ending.test(type))?.name;
  const related = targetOf(/\/relationships\/custom-?properties$/i);
  const customName = related ?? CUSTOM_PART;
  const customs = await readXmlParts(opened, customName, true);
  const others: XmlPart[] = [];
  const elsewhere = [
    targetOf(/\/core-properties$/i) ?? 'docProps/core.xml',
    targetOf(/\/relationships\/extended-?properties$/i) ?? 'docProps/app.xml',
    ...(customName.toLowerCase() === CUSTOM_PART.toLowerCase() ? [] : [CUSTOM_PART]),
  ];
  for (const name of new Set(elsewhere)) {
    others.push(...(name.toLowerCase() === customName.toLowerCase() ? [] : await readXmlParts(opened, name, true)));
  }
  const contentType = overrideOf(contentTypes, customName);
  const parts = [contentTypes, relationships, ...customs, ...others].filter((part) => part !== undefined);
  const isConnected = {
    relationship: related !== undefined,
    contentType: attributeOf(contentType ?? NOTHING, 'ContentType')?.value === CUSTOM_CONTENT_TYPE,
  };
  return { opened, contentTypes, relationships, customs, customName, isConnected, others, parts };
};

const NOTHING: Pick<XmlElement, 'attributes'> & XmlElement = {
  name: '',
  local: '',
  namespace: '',
  attributes: [],
  children: [],
  text: '',
  start: 0,
  openEnd: 0,
  closeStart: 0,
  end: 0,
  isSelfClosing: true,
};

/** The name of a part from a target relative to the root of the package. */
const partName = (target: string): string => target.replace(/^(?:\.?\/)+/, '');

const overrideOf = (contentTypes: XmlPart | undefined, name: string): XmlElement | undefined =>
  contentTypes?.root?.children.find((element) => element.local === 'Override' && isKey(attributeOf(element, 'PartName')?.value, `/${name}`));

type CustomLabel = PartLabel & { readonly element: XmlElement; readonly isPlain: boolean };

const customLabelsOf = ({ customs, isConnected }: OfficeDocument): readonly CustomLabel[] => {
  const isOne = customs.length === 1;
  return customs.flatMap((part) => {
    const properties = (part.root?.children ?? []).filter(({ local }) => local === 'property');
    return properties.flatMap((element): readonly CustomLabel[] => {
      const value = textOf(element);
      const name = attributeOf(element, 'name')?.value;
      if (!isKey(name, KEY) && !isLooseLabel(value, KEY)) {
        return [];
      }
      const isPlain = isPlainProperty(element, properties);
      const child = element.children.length === 0 ? '' : `/${element.children[0]?.name}`;
      const slot: Slot = {
        key: KEY,
        site: `${part.entry.name}/property[${name ?? ''}]${child}`.slice(0, 200),
        isGuidePlace: isPlain && isOne && isConnected.relationship && isConnected.contentType,
        value: isPlain ? (element.children[0]?.text ?? '') : value,
      };
      return [{ slot, part, element, isPlain, removal: { start: element.start, end: element.end, text: '' } }];
    });
  });
};

/** As the guide writes it: one vt:lpwstr, and a number that no other property has (ECMA-376-1 §22.3.2.2). */
const isPlainProperty = (element: XmlElement, properties: readonly XmlElement[]): boolean => {
  const [child, ...more] = element.children;
  return (
    PROPERTIES.includes(element.namespace) &&
    attributeOf(element, 'name')?.value === KEY &&
    isKey(attributeOf(element, 'fmtid')?.value, FORMAT_ID) &&
    idOf(element) >= 2 &&
    properties.filter((other) => idOf(other) === idOf(element)).length === 1 &&
    child?.local === 'lpwstr' &&
    VARIANTS.includes(child.namespace) &&
    child.children.length === 0 &&
    more.length === 0 &&
    element.text.trim() === ''
  );
};

const idOf = (element: XmlElement): number => {
  const text = attributeOf(element, 'pid')?.value ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
};

const labelsOf = (document: OfficeDocument): readonly PartLabel[] => [
  ...customLabelsOf(document),
  ...document.others.flatMap((part) => looseLabels(part, KEY)),
];

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
  const added = custom === undefined ? [{ name: customName, text: freshPart(names, slot) }] : [];
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

const variantsOf = (properties: string): string => (properties === NAMES.strict.properties ? NAMES.strict.variants : NAMES.transitional.variants);

const propertyXml = (prefix: string, declaration: string, number: number, value: string): string =>
  `<${prefix}property fmtid="${FORMAT_ID}" pid="${number}" name="${KEY}">` +
  `<vt:lpwstr${declaration}>${escapeXml(officeText(value))}</vt:lpwstr></${prefix}property>`;

/** Office reads _xHHHH_ in properties as one character (ECMA-376-1 §22.9.2.19); JSON can write its first underscore so that nobody does. */
const officeText = (value: string): string => value.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '\\u005f');

const freshPart = (names: (typeof NAMES)[keyof typeof NAMES], { value }: SlotText): string =>
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n' +
  `<Properties xmlns="${names.properties}" xmlns:vt="${names.variants}">${propertyXml('', '', 2, value)}</Properties>`;

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
