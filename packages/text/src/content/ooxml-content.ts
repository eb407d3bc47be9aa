// What the signed content digest covers of an Office Open XML document (spec/content/text.md §1.6).
import { attributeOf, type XmlEdit, type XmlElement } from '@aigc-label/containers';
import type { ByteSource, ContentPlan } from '@aigc-label/core';
import type { TextPart, XmlPart } from '../zip-documents/document-package.ts';
import {
  customLabelsOf,
  freshPart,
  labelsOf,
  NAMES,
  type OfficeDocument,
  overrideOf,
  PROPERTIES,
  partName,
  readDocument,
} from '../zip-documents/ooxml-document.ts';
import { addEdits } from '../zip-documents/xml-labels.ts';
import { documentContent, emptied, opened } from './document-content.ts';

/** What a document is about, its styles and settings aside, which documents share. */
const PERCEIVED =
  /^(?:word\/(?:document|footnotes|endnotes|comments)|ppt\/(?:slides|notesSlides)\/slide[^/]*|xl\/(?:sharedStrings|worksheets\/[^/]*))\.xml$|\/media\//i;

/** What every program writes anew whenever it saves (ECMA-376-2 §8.3.3, ECMA-376-1 §22.2.2), and no program shows inside a document unless asked to. */
const PASSING = new Set(['created', 'modified', 'lastModifiedBy', 'lastPrinted', 'revision', 'Application', 'AppVersion', 'TotalTime']);

/** The plan of a document. @throws LabelError as `documentContent` does. */
export const ooxmlContent = async (source: ByteSource): Promise<ContentPlan> => {
  const document = await readDocument(source);
  const edits = new Map<TextPart, XmlEdit[]>();
  const customs = document.customs.filter(({ root }) => root !== undefined && root.local === 'Properties' && PROPERTIES.includes(root.namespace));
  if (customs.length === document.customs.length) {
    for (const part of customs) {
      addEdits(edits, part, ...opened(part.root));
    }
    for (const { part, removal } of labelsOf(document)) {
      addEdits(edits, part, removal);
    }
    addEntries(edits, document);
  }
  for (const part of document.others) {
    const passing = part.root?.children.filter(({ local, children }) => PASSING.has(local) && children.length === 0) ?? [];
    addEdits(edits, part, ...passing.flatMap(emptied));
  }
  return documentContent(document.opened, { method: 'ooxml-1', edits, added: addedParts(document), perceived: PERCEIVED });
};

/** What leads to the custom properties: it comes with the first of them. */
const addEntries = (edits: Map<TextPart, XmlEdit[]>, { contentTypes, relationships, customName }: OfficeDocument): void => {
  if (contentTypes?.root !== undefined) {
    const override = overrideOf(contentTypes, customName);
    addEdits(edits, contentTypes, ...opened(contentTypes.root), ...removalOf(override, ['ContentType', 'PartName']));
  }
  if (relationships?.root !== undefined) {
    const relationship = relationships.root.children.find((element) => isToCustoms(element, customName));
    addEdits(edits, relationships, ...opened(relationships.root), ...removalOf(relationship, ['Id', 'Target', 'Type']));
  }
};

const isToCustoms = (element: XmlElement, customName: string): boolean =>
  element.local === 'Relationship' &&
  [NAMES.transitional.relationship, NAMES.strict.relationship].some((type) => type === attributeOf(element, 'Type')?.value) &&
  partName(attributeOf(element, 'Target')?.value ?? '').toLowerCase() === customName.toLowerCase();

/** Takes out an element with these attributes and nothing else. */
const removalOf = (element: XmlElement | undefined, names: readonly string[]): readonly XmlEdit[] =>
  element !== undefined &&
  element.text === '' &&
  element.children.length === 0 &&
  element.openEnd === element.closeStart &&
  element.attributes
    .map(({ name }) => name)
    .toSorted()
    .join() === names.join()
    ? [{ start: element.start, end: element.end, text: '' }]
    : [];

const addedParts = (document: OfficeDocument): ReadonlySet<XmlPart> => {
  const labels = customLabelsOf(document);
  const [label] = labels;
  const isAdded =
    labels.length === 1 && label?.isPlain === true && Object.values(NAMES).some((names) => label.part.text === freshPart(names, label.slot.value));
  return new Set(isAdded && label !== undefined ? [label.part as XmlPart] : []);
};
