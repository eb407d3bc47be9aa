// What the signed content digest covers of an OFD document (spec/content/text.md §1.9).
import type { XmlEdit, XmlElement } from '@aigc-label/containers';
import type { ContentPlan } from '@aigc-label/core';
import type { DocumentPackage, TextPart, XmlPart } from '../zip-documents/document-package.ts';
import { addEdits, type PartLabel } from '../zip-documents/xml-labels.ts';
import { documentContent, emptied, emptyElement, opened } from './document-content.ts';

/** Pages and what is drawn on them. */
const PERCEIVED = /\/Content\.xml$|\/Res\//i;
/** The last change, and the program (GB/T 33190-2016 table 4). */
const PASSING = new Set(['ModDate', 'Creator', 'CreatorVersion']);

/** The plan of a document. @throws LabelError as `documentContent` does. */
export const ofdContent = (
  document: { readonly opened: DocumentPackage; readonly entries: readonly XmlPart[] },
  labels: readonly PartLabel[],
): Promise<ContentPlan> => {
  const edits = new Map<TextPart, XmlEdit[]>();
  for (const { part, removal } of labels) {
    addEdits(edits, part, removal);
  }
  for (const part of document.entries) {
    for (const info of named(named(part.root === undefined ? [] : [part.root], 'DocBody'), 'DocInfo')) {
      const passing = info.children.filter(({ local, children }) => PASSING.has(local) && children.length === 0);
      addEdits(edits, part, ...passing.flatMap(emptied));
      const lists = info.children.filter(({ local }) => local === 'CustomDatas');
      const empty = lists.map((list) => emptyElement(part, list, edits.get(part) ?? []));
      const isAloneEmpty = lists.length === 1 && empty[0] !== undefined;
      addEdits(edits, part, ...(isAloneEmpty ? [empty[0] as XmlEdit] : lists.flatMap(opened)), ...opened(info));
    }
  }
  return documentContent(document.opened, { method: 'ofd-1', edits, added: new Set(), perceived: PERCEIVED });
};

const named = (elements: readonly XmlElement[], local: string): readonly XmlElement[] =>
  elements.flatMap(({ children }) => children.filter((child) => child.local === local));
