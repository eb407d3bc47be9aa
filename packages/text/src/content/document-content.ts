// What the signed content digest covers of a document that is a ZIP archive (spec/content/text.md §1).
import { editXml, type XmlEdit, type XmlElement, type ZipEntry, type ZipMemberContent, zipContent } from '@aigc-label/containers';
import type { ByteRange, ContentPlan } from '@aigc-label/core';
import type { DocumentPackage, TextPart } from '../zip-documents/document-package.ts';

/** What a format takes out of the parts of a document. */
export interface DocumentContent {
  readonly method: string;
  /** Of each part that `plan` may touch, what it may have put there: edits without text take out, those with text only say the same in one way. Where they overlap, the wider one counts. */
  readonly edits: ReadonlyMap<TextPart, readonly XmlEdit[]>;
  /** Parts that hold nothing but a label. */
  readonly added: ReadonlySet<TextPart>;
  /** Names of members that hold what is read and looked at. */
  readonly perceived: RegExp;
}

/** The plan of a document. Parts that could not be read are covered as they stand. @throws LabelError as `zipContent` does. */
export const documentContent = async ({ source, zip }: DocumentPackage, content: DocumentContent): Promise<ContentPlan> => {
  const { method, edits, added, perceived } = content;
  const lists = new Map<ZipEntry, { readonly part: TextPart; readonly edits: XmlEdit[] }>();
  for (const [part, list] of edits) {
    if (part.failure === undefined) {
      const known = lists.get(part.entry) ?? { part, edits: [] };
      known.edits.push(...list);
      lists.set(part.entry, known);
    }
  }
  const edited = new Map([...lists].map(([entry, { part, edits: list }]) => [entry, memberContent(part, outermost(list), added.has(part))]));
  return { method, ...(await zipContent(source, zip, { edited, isPerceived: (name) => perceived.test(name) })) };
};

const memberContent = (part: TextPart, edits: readonly XmlEdit[], isAdded: boolean): ZipMemberContent => ({
  value: part.encode(editXml(part.text, edits)),
  ...(isAdded ? { added: part.encode(part.text) } : {}),
  cuts: byteRanges(
    part,
    edits.filter(({ start, end, text }) => text === '' && end > start),
  ),
});

const byteRanges = ({ text, encode }: TextPart, edits: readonly XmlEdit[]): readonly ByteRange[] => {
  const lengthOf = (from: number, to: number): number => encode(text.slice(from, to)).length;
  let [position, bytes] = [0, 0];
  return edits.map(({ start, end }) => {
    const first = bytes + lengthOf(position, start);
    bytes = first + lengthOf(start, end);
    position = end;
    return { start: first, end: bytes };
  });
};

const outermost = (edits: readonly XmlEdit[]): readonly XmlEdit[] => {
  const kept: XmlEdit[] = [];
  for (const edit of edits.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    if (last === undefined || edit.start >= last.end) {
      kept.push(edit);
    } else if (edit.end > last.end) {
      kept[kept.length - 1] = { start: last.start, end: edit.end, text: '' };
    }
  }
  return kept;
};

/** An empty element in one of its two spellings, so that it makes no difference that something was put in and is cut out again. */
export const opened = (element: XmlElement | undefined): readonly XmlEdit[] =>
  element?.isSelfClosing === true ? [{ start: element.openEnd - 2, end: element.openEnd, text: `></${element.name}>` }] : [];

/** Takes out what stands in an element; its tags stay. */
export const emptied = (element: XmlElement): readonly XmlEdit[] =>
  element.isSelfClosing
    ? opened(element)
    : element.closeStart > element.openEnd
      ? [{ start: element.openEnd, end: element.closeStart, text: '' }]
      : [];

/** Takes out an element that holds nothing once the edits are made, and has no attributes: `plan` makes it where it is missing. `undefined` where it holds something. */
export const emptyElement = (part: TextPart, element: XmlElement, edits: readonly XmlEdit[]): XmlEdit | undefined => {
  const inside = edits.filter(({ start, end }) => start >= element.openEnd && end <= element.closeStart);
  const taken = outermost(inside).reduce((total, { start, end }) => total + end - start, 0);
  const isEmpty = element.attributes.length === 0 && taken === element.closeStart - element.openEnd && inside.every(({ text }) => text === '');
  return isEmpty && part.text.slice(element.start, element.openEnd).replace(/[\s/]*>$/, '') === `<${element.name}`
    ? { start: element.start, end: element.end, text: '' }
    : undefined;
};
