// How a label gets into a PDF: as an incremental update (ISO 32000-1 §7.5.6) that holds the document information dictionary and, where another label stood in
// the XMP, the XMP without it. An update of our own is replaced instead of being built upon (docs/decisions/0018).
import {
  encodePdfString,
  freePdfNumber,
  hexadecimalPdfString,
  type PdfChange,
  type PdfCipher,
  type PdfFile,
  type PdfReference,
  pdfReference,
  pdfStringBytes,
  pdfStrings,
  pdfUpdate,
  pdfValue,
} from '@aigc-label/containers';
import { withoutXmpProperty } from '@aigc-label/containers/internal';
import { ascii, type ByteSource, concat, equalBytes, LabelError, latin1, type SlotText, type Splice, TC260_XMP } from '@aigc-label/core';
import { isLabelUpdate } from './pdf-history.ts';
import { labelEntries } from './pdf-info.ts';
import { forbidsChanges, PDF_XMP_SITE, type PdfLabels, readPdfLabels } from './pdf-labels.ts';

/** Readers look for `%%EOF` in the last 1024 bytes (ISO 32000-1 annex H, note 18): an update before more junk would not be seen by all of them. */
const MAXIMUM_TRAILING_BYTES = 900;

/** The edit that makes this the only label; `FILE_DAMAGED`, `LIMIT_EXCEEDED` or `FORMAT_UNSUPPORTED_FEATURE` where it cannot be proved safe. */
export const planPdf = async (source: ByteSource, slot: SlotText): Promise<readonly Splice[]> => {
  const labels = await readPdfLabels(source);
  const [only] = labels.slots;
  if (labels.slots.length === 1 && only?.isGuidePlace === true && only.value === slot.value) {
    return [];
  }
  await assertEditable(labels);
  const own = await ownUpdate(source, labels);
  if (own !== undefined) {
    return [{ at: own.at, remove: own.length, insert: await updateOf(own.before, slot.value) }];
  }
  return [{ at: labels.file.end.end, remove: 0, insert: await updateOf(labels, slot.value) }];
};

/** Throws why nothing can be added to a PDF safely. */
export const assertEditable = async ({ file, catalog, obstacle, info }: PdfLabels): Promise<void> => {
  const [broken] = file.anomalies;
  if (broken !== undefined) {
    throw new LabelError(
      broken.code === 'limit' ? 'LIMIT_EXCEEDED' : 'FILE_DAMAGED',
      `The cross-reference table of this PDF is damaged: ${broken.detail}. Save it anew with another program.`,
      { data: { site: broken.site, offset: broken.offset, what: broken.detail } },
    );
  }
  if (obstacle !== undefined) {
    throw obstacle;
  }
  const behind = file.source.size - file.end.end;
  if (!file.end.isComplete || behind > MAXIMUM_TRAILING_BYTES) {
    const what = file.end.isComplete ? `${behind} bytes follow its last %%EOF` : 'it does not end with %%EOF';
    throw new LabelError('FILE_DAMAGED', `This PDF has no clean end: ${what}. Save it anew with another program.`, {
      data: { site: 'pdf', offset: file.end.at, what },
    });
  }
  const { trailer } = (file.revisions[0] as PdfFile['revisions'][number]).section;
  const keys = trailer.entries.map(({ key }) => key);
  const named = pdfValue(trailer, 'Info');
  const isInfoOdd = info === undefined && named !== undefined && pdfReference(named) === undefined && latin1(named) !== 'null';
  if (catalog === undefined || new Set(keys).size !== keys.length || isInfoOdd) {
    const what = catalog === undefined ? 'it names no catalog' : isInfoOdd ? 'its /Info is no reference' : 'it has a key twice';
    throw new LabelError('FILE_DAMAGED', `The trailer of this PDF is damaged: ${what}. Save it anew with another program.`, {
      data: { site: 'pdf/trailer', what },
    });
  }
  if (file.cipher?.allowsChanges === false) {
    throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', 'The author of this encrypted PDF allows no changes; label it before it is encrypted.', {
      data: { site: 'pdf/Encrypt/P' },
    });
  }
  if (await forbidsChanges(file, catalog)) {
    throw new LabelError(
      'FORMAT_UNSUPPORTED_FEATURE',
      'The author has signed this PDF and forbidden every change (DocMDP, P = 1); label it before it is signed.',
      { data: { site: 'pdf/Root/Perms/DocMDP' } },
    );
  }
};

/** The bytes of an update that leaves one label. */
const updateOf = async ({ file, info, metadata }: PdfLabels, value: string): Promise<Uint8Array> => {
  const reference = info?.reference ?? { number: freePdfNumber(file), generation: 0 };
  const changes: PdfChange[] = [{ reference, body: await dictionaryWith(info, reference, value, file.cipher) }];
  if (metadata !== undefined) {
    const packet = withoutXmpProperty(metadata.packet, TC260_XMP, PDF_XMP_SITE);
    if (packet !== metadata.packet) {
      const { object } = metadata;
      const data = file.cipher?.encryptsMetadata === true ? await file.cipher.streams.encrypt(object.reference, packet) : packet;
      changes.push({ reference: object.reference, body: streamWith(object.dictionary, data) });
    }
  }
  return pdfUpdate(file, changes, reference);
};

/** The document information dictionary with this label and no other; what else stands in it stays to the byte. */
const dictionaryWith = async (
  info: PdfLabels['info'],
  reference: PdfReference,
  value: string,
  cipher: PdfCipher | undefined,
): Promise<Uint8Array> => {
  const string = cipher === undefined ? encodePdfString(value) : hexadecimalPdfString(await cipher.strings.encrypt(reference, ascii(value)));
  const entry = concat(ascii('/AIGC '), string);
  if (info === undefined) {
    return concat(ascii('<<'), entry, ascii('>>'));
  }
  const { dictionary, isPacked } = info;
  const parts: Uint8Array[] = [];
  let at = dictionary.start;
  const skipTo = async (next: number): Promise<void> => {
    // What stood in an object stream was encrypted as a whole, and must be encrypted string by string in the open (ISO 32000-1 §7.5.7).
    for (const { start, end } of cipher !== undefined && (isPacked || info.reference === undefined) ? pdfStrings(dictionary.bytes, at, next) : []) {
      const bytes = pdfStringBytes(dictionary.bytes.subarray(start, end)) ?? new Uint8Array();
      parts.push(dictionary.bytes.subarray(at, start), hexadecimalPdfString((await cipher?.strings.encrypt(reference, bytes)) ?? bytes));
      at = end;
    }
    parts.push(dictionary.bytes.subarray(at, next));
  };
  for (const label of labelEntries(dictionary)) {
    await skipTo(label.start);
    at = label.valueEnd;
  }
  await skipTo(dictionary.end - 2);
  return concat(...parts, entry, ascii('>>'));
};

/** Keys that say how a stream was packed (ISO 32000-1 table 5). */
const PACKING: ReadonlySet<string> = new Set(['Length', 'Filter', 'DecodeParms', 'DL']);

const streamWith = ({ bytes, entries }: PdfLabels['file']['revisions'][number]['section']['trailer'], data: Uint8Array): Uint8Array =>
  concat(
    ascii('<<'),
    ...entries.filter(({ key }) => !PACKING.has(key)).map(({ start, valueEnd }) => concat(bytes.subarray(start, valueEnd), ascii(' '))),
    ascii(`/Length ${data.length}>>\nstream\n`),
    data,
    ascii('\nendstream'),
  );

/**
 * The newest revision, where it is one that we have written: the file before it, labelled so, gives these very bytes. Replacing it keeps the file from growing,
 * and makes the first label again give the first bytes.
 */
const ownUpdate = async (
  source: ByteSource,
  { file, slots, metadata }: PdfLabels,
): Promise<{ readonly at: number; readonly length: number; readonly before: PdfLabels } | undefined> => {
  const [label] = slots;
  if (label?.isGuidePlace !== true || !(await isLabelUpdate(file, 0, metadata?.object.reference.number))) {
    return undefined;
  }
  const first = await firstObject(file);
  for (const at of first === undefined ? [] : [first, first - 1]) {
    const before = await readable({ size: at, read: (offset, length) => source.read(offset, length) });
    const update = before === undefined || before.file.end.end !== at ? undefined : await updateOf(before, label.value);
    if (before !== undefined && update !== undefined && equalBytes(await file.source.read(at, update.length), update)) {
      return { at, length: update.length, before };
    }
  }
  return undefined;
};

const firstObject = async (file: PdfFile): Promise<number | undefined> => {
  const { section } = file.revisions[0] as PdfFile['revisions'][number];
  const offsets: number[] = [];
  for (const { first } of section.ranges) {
    const entry = await section.entry(first);
    if (entry?.kind === 'offset') {
      offsets.push(file.base + entry.offset);
    }
  }
  return offsets.length === 0 ? undefined : Math.min(...offsets);
};

const readable = async (source: ByteSource): Promise<PdfLabels | undefined> => {
  try {
    const labels = await readPdfLabels(source);
    await assertEditable(labels);
    return labels;
  } catch (error) {
    if (error instanceof LabelError) {
      return undefined;
    }
    throw error;
  }
};
