// ISO 32000-1 §7.5.6: a notice comes as an incremental update. What was there stays to the byte; pages that are marked are written anew behind it.
import {
  freePdfNumber,
  type PdfChange,
  type PdfFile,
  type PdfObject,
  type PdfReference,
  pdfDictionaryOf,
  pdfInteger,
  pdfReference,
  pdfUpdate,
  pdfValue,
} from '@aigc-label/containers';
import { ascii, type ByteSource, concat, LabelError, latin1, type Splice, splicedSource } from '@aigc-label/core';
import type { NoticePlan, NoticePosition, TextNoticeOptions } from '../notice.ts';
import { trailerOf } from '../pdf-info.ts';
import { type PdfLabels, readPdfLabels } from '../pdf-labels.ts';
import { assertEditable } from '../pdf-plan.ts';
import { middlePage, noticesOnPage } from './find-pdf-notice.ts';
import { glyphDrawings } from './glyph-drawing.ts';
import { drawnWords, MOST_GLYPHS, noticeFont } from './notice-font.ts';
import { balanceOf, contentsOf, pageWith, viewOf } from './notice-page.ts';
import { plateContent } from './notice-plate.ts';
import { noticeStructure } from './notice-structure.ts';
import { allPages, type PdfPage, pageAt, pageCount } from './pdf-pages.ts';

/**
 * A plate with the words: at the top left of the first page or of every page, at the bottom left of the middle page, at the bottom right of the last; a corner mark at
 * the top right.
 * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`; the edits, `NOTICE_UNSUPPORTED` and `NOTICE_NOT_DRAWABLE`, too.
 */
export const pdfNotice = async (source: ByteSource, options: TextNoticeOptions): Promise<NoticePlan> => {
  const labels = await readPdfLabels(source);
  const present = await presentIn(labels, options);
  const splices = async (): Promise<readonly Splice[]> => {
    const missing = options.positions.filter((position) => !present.has(position));
    if (missing.length === 0) {
      return [];
    }
    await assertMarkable(labels);
    const made = [{ at: labels.file.end.end, remove: 0, insert: await updateOf(source, labels, missing, options) }];
    const seen = await presentIn(await readPdfLabels(splicedSource(source, made)), options);
    if (missing.some((position) => !seen.has(position))) {
      throw new LabelError('NOTICE_UNSUPPORTED', 'The notice could not be read back from this PDF; save it anew with another program.', {
        data: { reason: 'not_read_back' },
      });
    }
    return made;
  };
  return { present, splices };
};

const presentIn = async (
  { file, catalog }: PdfLabels,
  { text, form = 'sentence', positions }: TextNoticeOptions,
): Promise<ReadonlySet<NoticePosition>> => {
  const present = new Set<NoticePosition>();
  for (const position of catalog === undefined ? [] : positions) {
    let isThere = true;
    for (const page of await pagesOf(file, catalog as PdfObject, position)) {
      isThere = (await noticesOnPage(file, page)).some((notice) => notice.text === text && notice.form === form && notice.position === position);
      if (!isThere) {
        break;
      }
    }
    if (isThere) {
      present.add(position);
    }
  }
  return present;
};

const pagesOf = async (file: PdfFile, catalog: PdfObject, position: NoticePosition): Promise<readonly PdfPage[]> => {
  if (position === 'throughout') {
    return allPages(file, catalog);
  }
  const count = await pageCount(file, catalog);
  return [await pageAt(file, catalog, position === 'start' ? 0 : position === 'end' ? count - 1 : middlePage(count))];
};

/** A notice is seen, so it breaks what a signature promises of how the pages look, whatever else the author allows (§12.8.2.2). */
const assertMarkable = async (labels: PdfLabels): Promise<void> => {
  const { file, catalog, info } = labels;
  if (catalog !== undefined && (await isSigned(file, catalog))) {
    throw new LabelError(
      'NOTICE_UNSUPPORTED',
      'This PDF is signed, and a notice on its pages would break the signature; put the notice in first and sign it then.',
      {
        data: { reason: 'signature', site: 'pdf/Root' },
      },
    );
  }
  await assertEditable(labels);
  if (info !== undefined && info.reference === undefined) {
    throw new LabelError(
      'FILE_DAMAGED',
      'The document information dictionary of this PDF is no object of its own. Save it anew with another program.',
      {
        data: { site: 'pdf/trailer' },
      },
    );
  }
};

const isSigned = async (file: PdfFile, { dictionary }: PdfObject): Promise<boolean> => {
  const permissions = await pdfDictionaryOf(file, pdfValue(dictionary, 'Perms'));
  const form = await pdfDictionaryOf(file, pdfValue(dictionary, 'AcroForm'));
  const flags = form === undefined ? 0 : (pdfInteger(pdfValue(form, 'SigFlags')) ?? 0);
  // §12.7.2, table 219: bit 1 says that there are signatures.
  return (flags & 1) !== 0 || (permissions !== undefined && (pdfValue(permissions, 'DocMDP') ?? pdfValue(permissions, 'UR3')) !== undefined);
};

const updateOf = async (
  source: ByteSource,
  { file, catalog }: PdfLabels,
  positions: readonly NoticePosition[],
  options: TextNoticeOptions,
): Promise<Uint8Array> => {
  const { text, form = 'sentence', lang = 'zh-CN' } = options;
  const changes: PdfChange[] = [];
  let free = freePdfNumber(file);
  const add = async (bodyOf: (reference: PdfReference) => Uint8Array | Promise<Uint8Array>): Promise<PdfReference> => {
    const reference = { number: free, generation: 0 };
    free += 1;
    changes.push({ reference, body: await bodyOf(reference) });
    return reference;
  };
  const addStream = (data: Uint8Array, entries = ''): Promise<PdfReference> =>
    add(async (reference) => {
      const stored = file.cipher === undefined ? data : await file.cipher.streams.encrypt(reference, data);
      return concat(ascii(`<<${entries}/Length ${stored.length}>>\nstream\n`), stored, ascii('\nendstream'));
    });
  const glyphs = glyphDrawings(text);
  if (new Set(text).size > MOST_GLYPHS) {
    throw new LabelError('NOTICE_NOT_DRAWABLE', 'A notice in a PDF has too many different characters; use shorter wording.', {
      data: { reason: 'no_room', text },
    });
  }
  const font = noticeFont(glyphs);
  const streams: number[] = [];
  for (const { data, entries } of font.streams) {
    streams.push((await addStream(data, entries)).number);
  }
  const fontReference = await add(() => font.dictionary(streams));
  const words = drawnWords(glyphs);
  const wordsReference = await addStream(words.data, words.entries);
  const name = `AIGCNotice${fontReference.number}`;
  const resources = { Font: [name, fontReference], XObject: [name, wordsReference] } as const;
  const isTagged = catalog !== undefined && (await hasTags(file, catalog));
  const structure = isTagged ? await noticeStructure(file, catalog) : undefined;
  // What is repeated on every page is read once (ISO 14289-1 §7.8).
  const read = new Set<NoticePosition>();
  const wanted = new Map<number, { readonly page: PdfPage; readonly positions: NoticePosition[] }>();
  for (const position of catalog === undefined ? [] : positions) {
    for (const page of await pagesOf(file, catalog as PdfObject, position)) {
      const { number } = page.object.reference;
      wanted.set(number, { page, positions: [...(wanted.get(number)?.positions ?? []), position] });
    }
  }
  // Pages are mostly alike: what stands around their content is written once for each kind.
  const known = new Map<string, PdfReference>();
  const shared = async (content: Uint8Array): Promise<PdfReference> => {
    const key = latin1(content);
    const reference = known.get(key) ?? (await addStream(content));
    known.set(key, reference);
    return reference;
  };
  for (const { page, positions: here } of wanted.values()) {
    const view = await viewOf(file, page);
    const old = await contentsOf(file, page);
    const { saves, restores, isTextOpen } = await balanceOf(file, source, old);
    const plates: Uint8Array[] = [];
    let structParents: number | undefined;
    for (const position of here) {
      const made = structure === undefined || read.has(position) ? undefined : await structure.add(page, position, (body) => add(() => body));
      read.add(position);
      structParents ??= made?.structParents;
      const tag = made?.identifier ?? (isTagged ? 'artifact' : undefined);
      plates.push(plateContent({ text, position, form, lang, codes: glyphs.map((glyph) => font.codeOf(glyph)), glyphs, name, tag }, view));
    }
    const before = old.length === 0 ? [] : [await shared(ascii(`${'q '.repeat(saves)}\n`))];
    const closing = old.length === 0 ? '' : `\n${isTextOpen ? 'ET ' : ''}${'Q '.repeat(restores)}\n`;
    const contents = [...before, ...old, await shared(concat(ascii(closing), ...plates))];
    const body = await pageWith(file, page, { contents, resources, structParents });
    changes.push({ reference: page.object.reference, body });
  }
  changes.push(...((await structure?.changes()) ?? []));
  return pdfUpdate(file, changes, pdfReference(pdfValue(trailerOf(file, 0), 'Info')));
};

/** §14.8.1: what is not of the structure of a tagged page is an artifact, or the file no longer keeps its own standard (ISO 14289-1 §7.1). */
const hasTags = async (file: PdfFile, { dictionary }: PdfObject): Promise<boolean> => {
  const marks = await pdfDictionaryOf(file, pdfValue(dictionary, 'MarkInfo'));
  return (
    pdfValue(dictionary, 'StructTreeRoot') !== undefined || (marks !== undefined && latin1(pdfValue(marks, 'Marked') ?? new Uint8Array()) === 'true')
  );
};
