// Our own notices in a PDF: what `plateContent` writes, in the last streams of the pages where it may stand. Words that others have put there are not read: the text of a
// PDF is in the codes of its fonts.
import { type PdfFile, type PdfObject, pdfObject, pdfStream } from '@aigc-label/containers';
import { type ByteSource, type FoundNotice, LabelError, latin1 } from '@aigc-label/core';
import type { NoticeForm, NoticePosition } from '../notice.ts';
import { readPdfLabels } from '../pdf-labels.ts';
import { contentsOf } from './notice-page.ts';
import { type PdfPage, pageAt, pageCount } from './pdf-pages.ts';

/** A notice of ours has some hundred bytes. */
const LARGEST_STREAM_BYTES = 64 << 10;
/** Others may have added something behind it: a stamp, a page number. */
const LAST_STREAMS = 3;
const MOST_SPANS = 16;
const SPAN =
  /\/Span<<\/Lang\([A-Za-z0-9-]{1,35}\)\/ActualText<FEFF([0-9A-F]{4,2000})>(?:\/E<FEFF[0-9A-F]{4,100}>)?\/AIGCNotice\/(start|middle|end|throughout)\.(sentence|corner-mark)>>BDC/g;

/** One of ours. */
export interface PdfNotice {
  readonly text: string;
  readonly position: NoticePosition;
  readonly form: NoticeForm;
}

/** Notices on the first, the middle and the last page. Throws as `openPdf` does. */
export const findPdfNotice = async (source: ByteSource): Promise<readonly FoundNotice[]> => {
  const { file, catalog } = await readPdfLabels(source);
  if (catalog === undefined) {
    return [];
  }
  const count = await pageCount(file, catalog);
  const found = new Map<string, PdfNotice>();
  for (const index of new Set([0, middlePage(count), count - 1])) {
    for (const notice of await noticesOnPage(file, await pageAt(file, catalog, index))) {
      found.set(JSON.stringify(notice), notice);
    }
  }
  return [...found.values()].map(({ text, position, form }) => ({ position, form: form === 'sentence' ? 'text' : form, text }));
};

/** The page in the middle, counted from 0. */
export const middlePage = (count: number): number => Math.floor((count - 1) / 2);

/** Notices of ours on a page. */
export const noticesOnPage = async (file: PdfFile, page: PdfPage): Promise<readonly PdfNotice[]> => {
  const notices: PdfNotice[] = [];
  for (const reference of (await contentsOf(file, page)).slice(-LAST_STREAMS)) {
    const object = await pdfObject(file, reference);
    const content = object === undefined ? undefined : await shortStream(file, object);
    for (const [, hexadecimal = '', position, form] of content?.matchAll(SPAN) ?? []) {
      const text = (hexadecimal.match(/.{4}/g) ?? []).map((unit) => String.fromCharCode(Number.parseInt(unit, 16))).join('');
      notices.push({ text, position: position as NoticePosition, form: form as NoticeForm });
    }
  }
  return notices.slice(0, MOST_SPANS);
};

const shortStream = async (file: PdfFile, object: PdfObject): Promise<string | undefined> => {
  try {
    return latin1(await pdfStream(file, object, LARGEST_STREAM_BYTES));
  } catch (error) {
    if (error instanceof LabelError) {
      return undefined;
    }
    throw error;
  }
};
