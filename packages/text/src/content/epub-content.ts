// What the signed content digest covers of a book (spec/content/text.md §1.8).
import { attributeOf, type XmlEdit, type XmlElement } from '@aigc-label/containers';
import type { ContentPlan } from '@aigc-label/core';
import type { DocumentPackage, TextPart, XmlPart } from '../zip-documents/document-package.ts';
import { addEdits, type PartLabel } from '../zip-documents/xml-labels.ts';
import { documentContent, emptied, opened } from './document-content.ts';

/** Chapters and pictures; styles, fonts and lists are shared by many books. */
const PERCEIVED = /\.(?:x?html?|jpe?g|png|gif|webp|svg|mp3|mp4|m4a)$/i;

/** The plan of a book: the time of its last change, which every program writes anew (EPUB 3.3 §5.5.4), and labels are left out. @throws LabelError as `documentContent` does. */
export const epubContent = (
  book: { readonly opened: DocumentPackage; readonly packages: readonly XmlPart[] },
  labels: readonly PartLabel[],
): Promise<ContentPlan> => {
  const edits = new Map<TextPart, XmlEdit[]>();
  for (const { part, element, removal } of labels) {
    addEdits(edits, part, ...(element?.local !== 'meta' || isLabelOnly(element) ? [removal] : []));
  }
  for (const part of book.packages) {
    const metadata = part.root?.children.find(({ local }) => local === 'metadata');
    const times = (metadata?.children ?? []).filter(
      (element) => element.local === 'meta' && element.children.length === 0 && attributeOf(element, 'property')?.value === 'dcterms:modified',
    );
    addEdits(edits, part, ...opened(metadata), ...times.flatMap(emptied));
  }
  return documentContent(book.opened, { method: 'epub-1', edits, added: new Set(), perceived: PERCEIVED });
};

/** Whether a `meta` says nothing else: with a property beside its name it could tell how the book is laid out. */
const isLabelOnly = ({ attributes, children }: XmlElement): boolean =>
  children.length === 0 &&
  attributes.every(({ name, value }) => name === 'content' || ((name === 'name' || name === 'property') && /^(?:[\w-]*:)?AIGC$/i.test(value)));
