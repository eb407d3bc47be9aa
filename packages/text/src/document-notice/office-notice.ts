import type { XmlEdit } from '@aigc-label/containers';
import { type ByteSource, damaged, type FoundNotice, LabelError, type NoticeSearch } from '@aigc-label/core';
import type { NoticePlan, TextNoticeOptions } from '../notice.ts';
import {
  assertReadable,
  type DocumentPackage,
  entriesNamed,
  openPackage,
  planPackage,
  readText,
  readXmlParts,
  signed,
  type TextPart,
} from '../zip-documents/document-package.ts';
import { docxParagraphs } from './docx-paragraphs.ts';
import { NEAR_PARAGRAPHS, noticesInParagraphs } from './notice-phrase.ts';
import { odtParagraphs, odtStyleEdits } from './odt-paragraphs.ts';
import { isSignedOffice, mainPartName } from './office-parts.ts';
import { paragraphNotice, paragraphPart, paragraphsAtEnds } from './paragraph-notice.ts';

/** The text of the longest books has some 20 MB. */
export const LARGEST_PART_BYTES: number = 64 << 20;
/** What is looked into while verifying, in bytes: some 300 pages. */
export const LARGEST_SEARCHED_BYTES: number = 4 << 20;

/** A notice in a document of Word: a paragraph of its own, or a raised mark behind the title or the last words. Every other part keeps its bytes. */
export const docxNotice = async (source: ByteSource, options: TextNoticeOptions): Promise<NoticePlan> => {
  const opened = await openPackage(source);
  if (await isSignedOffice(opened)) {
    throw signed('docx');
  }
  const part = await mainPart(opened, LARGEST_PART_BYTES);
  if (part === undefined) {
    throw damaged('_rels/.rels', 0, 'nothing leads to the text of the document');
  }
  assertReadable([part]);
  const { present, edits } = paragraphNotice(part.entry.name, part.text, docxParagraphs, options);
  return { present, splices: () => planPackage(opened, { edits: new Map([[part, edits()]]), added: [], isDeflated: true }) };
};

/** Notices at both ends of a document of Word; throws only what the outside world throws. */
export const findDocxNotice = async (source: ByteSource, search?: NoticeSearch): Promise<readonly FoundNotice[]> => {
  const part = await mainPart(await openPackage(source), LARGEST_SEARCHED_BYTES);
  const paragraphs = part === undefined || part.failure !== undefined ? undefined : paragraphPart(part.text, docxParagraphs);
  return paragraphs === undefined ? [] : noticesInParagraphs(paragraphsAtEnds(paragraphs, docxParagraphs, NEAR_PARAGRAPHS), search);
};

/** A notice in a text document of OpenDocument: a paragraph of its own, or a raised mark behind the title or the last words. */
export const odtNotice = async (source: ByteSource, options: TextNoticeOptions): Promise<NoticePlan> => {
  const opened = await openPackage(source);
  await assertOpen(opened, 'odt');
  const part = await contentPart(opened, LARGEST_PART_BYTES);
  if (part === undefined) {
    throw damaged('content.xml', 0, 'the document has no content');
  }
  assertReadable([part]);
  const { present, edits } = paragraphNotice(part.entry.name, part.text, odtParagraphs(part.text), options);
  const planned = (): readonly XmlEdit[] => {
    const made = edits();
    return made.length === 0 ? [] : [...made, ...odtStyleEdits(part.text, options)];
  };
  return { present, splices: () => planPackage(opened, { edits: new Map([[part, planned()]]), added: [], isDeflated: true }) };
};

/** Notices at both ends of a text document of OpenDocument; throws only what the outside world throws. */
export const findOdtNotice = async (source: ByteSource, search?: NoticeSearch): Promise<readonly FoundNotice[]> => {
  const part = await contentPart(await openPackage(source), LARGEST_SEARCHED_BYTES);
  if (part === undefined || part.failure !== undefined) {
    return [];
  }
  const dialect = odtParagraphs(part.text);
  const paragraphs = paragraphPart(part.text, dialect);
  return paragraphs === undefined ? [] : noticesInParagraphs(paragraphsAtEnds(paragraphs, dialect, NEAR_PARAGRAPHS), search);
};

const contentPart = async (opened: DocumentPackage, limitBytes: number): Promise<TextPart | undefined> => {
  const [entry, ...twins] = entriesNamed(opened, 'content.xml');
  return entry === undefined || twins.length > 0 ? undefined : readText(opened, entry, limitBytes);
};

/** Part 2 §3.4 and §4: what is signed or encrypted is not changed. */
const assertOpen = async (opened: DocumentPackage, format: string): Promise<void> => {
  if (entriesNamed(opened, 'META-INF/documentsignatures.xml').length > 0) {
    throw signed(format);
  }
  const [manifest] = await readXmlParts(opened, 'META-INF/manifest.xml');
  if (manifest?.text.includes('encryption-data') === true) {
    throw new LabelError(
      'NOTICE_UNSUPPORTED',
      `This ${format} file is encrypted; save it without a password, put the notice in, and encrypt it then.`,
      {
        data: { format, feature: 'encryption' },
      },
    );
  }
};

const mainPart = async (opened: DocumentPackage, limitBytes: number): Promise<TextPart | undefined> => {
  const [entry, ...twins] = entriesNamed(opened, (await mainPartName(opened)) ?? 'word/document.xml', true);
  return entry === undefined || twins.length > 0 ? undefined : readText(opened, entry, limitBytes);
};
