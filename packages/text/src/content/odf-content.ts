// What the signed content digest covers of an OpenDocument (spec/content/text.md §1.7).
import type { XmlEdit, XmlElement } from '@aigc-label/containers';
import type { ContentPlan } from '@aigc-label/core';
import type { DocumentPackage, TextPart, XmlPart } from '../zip-documents/document-package.ts';
import { addEdits, type PartLabel } from '../zip-documents/xml-labels.ts';
import { documentContent, emptied, emptyElement, opened } from './document-content.ts';

/** What is read from a document. */
export interface OpenDocumentParts {
  readonly opened: DocumentPackage;
  readonly metas: readonly XmlPart[];
  readonly manifest: XmlPart | undefined;
  readonly labels: readonly PartLabel[];
  /** office:meta in a part. */
  holderOf(part: XmlPart): XmlElement | undefined;
  /** The part, and the line of the manifest, that `plan` adds for a label. */
  readonly fresh: { readonly part: (value: string) => string; readonly line: (root: XmlElement) => string };
}

/** What every program writes anew whenever it saves (OpenDocument 1.3 part 3 §4.3), and no program shows inside a document unless asked to. */
const PASSING = new Set(['date', 'editing-cycles', 'editing-duration', 'generator']);

/** What a document is about; its styles and settings are shared by many. */
const PERCEIVED = /(?:^|\/)content\.xml$|^(?:Pictures|media)\//i;

/** The plan of a document. @throws LabelError as `documentContent` does. */
export const odfContent = ({ opened: document, metas, manifest, labels, holderOf, fresh }: OpenDocumentParts): Promise<ContentPlan> => {
  const edits = new Map<TextPart, XmlEdit[]>();
  for (const { part, removal } of labels) {
    addEdits(edits, part, removal);
  }
  const added = new Set<TextPart>();
  for (const part of metas) {
    const holder = holderOf(part);
    const passing = holder?.children.filter(({ local, children }) => PASSING.has(local) && children.length === 0) ?? [];
    addEdits(edits, part, ...passing.flatMap(emptied), ...opened(part.root));
    const empty = holder === undefined ? undefined : emptyElement(part, holder, edits.get(part) ?? []);
    addEdits(edits, part, ...(empty === undefined ? opened(holder) : [empty]));
    if (labels.length === 1 && part.text === fresh.part(labels[0]?.slot.value ?? '')) {
      added.add(part);
    }
  }
  if (manifest?.root !== undefined) {
    const line = fresh.line(manifest.root);
    const end = manifest.root.closeStart;
    const isAdded = (metas.length === 0 || added.size > 0) && manifest.text.endsWith(line, end);
    addEdits(edits, manifest, ...opened(manifest.root), ...(isAdded ? [{ start: end - line.length, end, text: '' }] : []));
  }
  return documentContent(document, { method: 'odf-1', edits, added, perceived: PERCEIVED });
};
