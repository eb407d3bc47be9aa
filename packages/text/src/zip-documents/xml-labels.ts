import { descendants, replaceContent, type XmlEdit, type XmlElement } from '@aigc-label/containers';
import { isLooseLabel, type Slot } from '@aigc-label/core';
import type { TextPart, XmlPart } from './document-package.ts';

/** A label that stands in a part, and the edit that takes it out while another is written. */
export interface PartLabel {
  readonly slot: Slot;
  readonly part: TextPart;
  readonly element?: XmlElement;
  readonly removal: XmlEdit;
}

/** No more are listed from one part: an honest document has one. */
const MAXIMUM_LABELS = 100;

/** All text of an element and below, in which a label would stand. */
export const textOf = (element: XmlElement): string => [element.text, ...element.children.map(({ text }) => text)].join('');

/**
 * Labels in a part that was not made for them, such as a description: texts that are a label and nothing else (spec/labels.md §5.1, rows 8 and 13).
 *
 * @param known elements that are labels already; they are passed over with everything in them.
 */
export const looseLabels = (part: XmlPart, key: string, known: ReadonlySet<XmlElement | undefined> = new Set()): readonly PartLabel[] => {
  const labels: PartLabel[] = [];
  for (const element of part.root === undefined ? [] : descendants(part.root, known)) {
    if (labels.length < MAXIMUM_LABELS && element.children.length === 0 && isLooseLabel(element.text, key)) {
      const slot: Slot = { key, site: `${part.entry.name}/${element.name}`, isGuidePlace: false, value: element.text };
      labels.push({ slot, part, element, removal: replaceContent(element, '') });
    }
  }
  return labels;
};

/** Whether a text is our key, in whatever case: keys of our own making differ in nothing else. */
export const isKey = (text: string | undefined, key: string): boolean => text?.toLowerCase() === key.toLowerCase();

/** Adds edits of a part to what is planned already. */
export const addEdits = (edits: Map<TextPart, XmlEdit[]>, part: TextPart, ...more: readonly XmlEdit[]): void => {
  edits.set(part, [...(edits.get(part) ?? []), ...more]);
};
