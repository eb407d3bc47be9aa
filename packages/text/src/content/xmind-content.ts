// What the signed content digest covers of a mind map (spec/content/text.md §1.10).
import type { XmlEdit } from '@aigc-label/containers';
import type { ContentPlan } from '@aigc-label/core';
import { scanJson } from '../json-scan.ts';
import type { DocumentPackage, TextPart, XmlPart } from '../zip-documents/document-package.ts';
import { addEdits, type PartLabel } from '../zip-documents/xml-labels.ts';
import { documentContent, opened } from './document-content.ts';
import { memberCuts } from './json-content.ts';

/** What is read from a mind map. */
export interface MindMapParts {
  readonly opened: DocumentPackage;
  readonly json: readonly TextPart[];
  readonly xml: readonly XmlPart[];
  readonly manifests: readonly XmlPart[];
  /** Those in XML. */
  readonly labels: readonly PartLabel[];
  /** The texts of parts that `plan` adds for a label, and the line of the manifest. */
  readonly fresh: { isAdded(part: TextPart): boolean; line(manifest: XmlPart): string };
}

/** The map itself, and its pictures. */
const PERCEIVED = /^content\.(?:json|xml)$|^(?:resources|attachments)\//i;
const KEY = 'AIGC';

/** The plan of a mind map. @throws LabelError as `documentContent` does. */
export const xmindContent = ({ opened: document, json, xml, manifests, labels, fresh }: MindMapParts): Promise<ContentPlan> => {
  const edits = new Map<TextPart, XmlEdit[]>();
  for (const part of json) {
    addEdits(
      edits,
      part,
      ...(part.failure === undefined ? memberCuts(part.text, scanJson(part.text, KEY)).map((cut) => ({ ...cut, text: '' })) : []),
    );
  }
  for (const { part, removal } of labels.filter((label) => label.element !== undefined)) {
    addEdits(edits, part, removal);
  }
  for (const part of xml) {
    addEdits(edits, part, ...opened(part.root));
  }
  const added = new Set([...json, ...xml].filter((part) => fresh.isAdded(part)));
  const [manifest] = manifests;
  if (manifest?.root !== undefined) {
    const line = fresh.line(manifest);
    const end = manifest.root.closeStart;
    const isAdded = (xml.length === 0 || xml.some((part) => added.has(part))) && manifest.text.endsWith(line, end);
    addEdits(edits, manifest, ...opened(manifest.root), ...(isAdded ? [{ start: end - line.length, end, text: '' }] : []));
  }
  return documentContent(document, { method: 'xmind-1', edits, added, perceived: PERCEIVED });
};
