// What an Office Open XML document says of its custom properties (ECMA-376-1 §15.2.12.2, §22.3), and the labels in it (TC260-PG-20258A §6.1).
import { attributeOf, escapeXml, type XmlElement } from '@aigc-label/containers';
import { type ByteSource, isLooseLabel, type Slot } from '@aigc-label/core';
import { type DocumentPackage, openPackage, readXmlParts, type XmlPart } from './document-package.ts';
import { isKey, looseLabels, type PartLabel, textOf } from './xml-labels.ts';

export const KEY = 'AIGC';
export const FORMAT_ID = '{D5CDD505-2E9C-101B-9397-08002B2CF9AE}';
export const CUSTOM_CONTENT_TYPE = 'application/vnd.openxmlformats-officedocument.custom-properties+xml';
export const CUSTOM_PART = 'docProps/custom.xml';

/** Namespaces and the type of the relationship: Transitional as everybody writes it, and Strict (ECMA-376-1 annex A; ECMA-376-4). */
export const NAMES = {
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
export const PROPERTIES: readonly string[] = [NAMES.transitional.properties, NAMES.strict.properties];

/** A document, as far as its parts say what it is. */
export interface OfficeDocument {
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

/** Reads the parts of a document that hold its properties, or lead to them; never throws for what stands in them. */
export const readDocument = async (source: ByteSource): Promise<OfficeDocument> => {
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
export const partName = (target: string): string => target.replace(/^(?:\.?\/)+/, '');

/** What the list of parts says of the part with this name. */
export const overrideOf = (contentTypes: XmlPart | undefined, name: string): XmlElement | undefined =>
  contentTypes?.root?.children.find((element) => element.local === 'Override' && isKey(attributeOf(element, 'PartName')?.value, `/${name}`));

/** A label among the custom properties. */
export type CustomLabel = PartLabel & { readonly element: XmlElement; readonly isPlain: boolean };

/** The labels among the custom properties. */
export const customLabelsOf = ({ customs, isConnected }: OfficeDocument): readonly CustomLabel[] => {
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

/** The number of a property; 0 where it has none. */
export const idOf = (element: XmlElement): number => {
  const text = attributeOf(element, 'pid')?.value ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
};

/** The labels of a document, those of its custom properties first. */
export const labelsOf = (document: OfficeDocument): readonly PartLabel[] => [
  ...customLabelsOf(document),
  ...document.others.flatMap((part) => looseLabels(part, KEY)),
];

/** The namespace of values that goes with one of custom properties. */
export const variantsOf = (properties: string): string =>
  properties === NAMES.strict.properties ? NAMES.strict.variants : NAMES.transitional.variants;

/** A custom property with a label. */
export const propertyXml = (prefix: string, declaration: string, number: number, value: string): string =>
  `<${prefix}property fmtid="${FORMAT_ID}" pid="${number}" name="${KEY}">` +
  `<vt:lpwstr${declaration}>${escapeXml(officeText(value))}</vt:lpwstr></${prefix}property>`;

/** Office reads _xHHHH_ in properties as one character (ECMA-376-1 §22.9.2.19); JSON can write its first underscore so that nobody does. */
export const officeText = (value: string): string => value.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '\\u005f');

/** A part with nothing but a label. */
export const freshPart = (names: (typeof NAMES)[keyof typeof NAMES], value: string): string =>
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n' +
  `<Properties xmlns="${names.properties}" xmlns:vt="${names.variants}">${propertyXml('', '', 2, value)}</Properties>`;
