// Which bytes of a PDF are its content: those before the updates of metadata at its end (spec/content/text.md §2).
import { type ByteRange, LabelError, latin1 } from '@aigc-label/core';
import { metadataUpdateStart } from './metadata-update.ts';
import type { PdfFile } from './open-pdf.ts';

/** The content of a PDF. Offsets are bytes of the file. */
export interface PdfContent {
  /** Behind the `%%EOF` of the last revision that is content. */
  readonly end: number;
  /** White space that follows it, without the one line feed that an update may have brought. */
  readonly padding: Uint8Array;
  /** The updates of metadata behind it, up to the last `%%EOF` and the ends of lines that follow. */
  readonly updates: ByteRange | undefined;
}

/** Updates of metadata that are passed over; files edited more often than this have them covered. */
const MAXIMUM_UPDATES = 64;
const SPACE = '[\\t\\n\\f\\r ]';
const END_OF_FILE = new RegExp(`startxref[\\0\\t\\n\\f\\r ]+(\\d{1,15})[\\0\\t\\n\\f\\r ]*%%EOF(${SPACE}*)$`);

/**
 * Tells content and metadata apart.
 *
 * @param file where its chain of revisions is broken, all of it is content.
 * @throws LabelError as `ByteSource.read` does, and `LIMIT_EXCEEDED` where the structure takes too much to read.
 */
export const pdfContent = async (file: PdfFile): Promise<PdfContent> => {
  const whole = { end: file.end.end, padding: new Uint8Array(), updates: undefined };
  let ending = await endingBefore(file, file.end.end);
  if (ending === undefined || file.anomalies.length > 0) {
    return whole;
  }
  let start: number | undefined;
  for (let index = 0; index + 1 < file.revisions.length && index < MAXIMUM_UPDATES; index += 1) {
    const update = await unlessDamaged(metadataUpdateStart(file, index, start ?? file.end.end));
    const before = update === undefined ? undefined : await endingBefore(file, update);
    if (update === undefined || before === undefined || before.startxref !== file.revisions[index + 1]?.section.offset) {
      break;
    }
    [start, ending] = [update, before];
  }
  return {
    end: ending.end,
    padding: withoutLineFeed(ending.padding),
    updates: start === undefined ? undefined : { start, end: file.end.end },
  };
};

/** `%%EOF` and the white space behind it that reach to an offset. */
const endingBefore = async (
  { source }: PdfFile,
  offset: number,
): Promise<{ readonly startxref: number; readonly end: number; readonly padding: Uint8Array } | undefined> => {
  for (const length of [256, 64 << 10]) {
    const from = Math.max(0, offset - length);
    const bytes = await source.read(from, offset - from);
    const text = latin1(bytes);
    const found = END_OF_FILE.exec(text.slice(Math.max(0, text.lastIndexOf('startxref'))));
    if (found !== null) {
      const paddingBytes = found[2]?.length ?? 0;
      return { startxref: Number(found[1]), end: offset - paddingBytes, padding: bytes.subarray(bytes.length - paddingBytes) };
    }
  }
  return undefined;
};

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** An update begins on a line of its own: a line feed is put before it where there was no end of a line (`pdfUpdate`). */
const withoutLineFeed = (padding: Uint8Array): Uint8Array => {
  const before = padding.at(-2);
  return padding.at(-1) === LINE_FEED && before !== LINE_FEED && before !== CARRIAGE_RETURN ? padding.subarray(0, -1) : padding;
};

/** An update that cannot be read is none of metadata. */
const unlessDamaged = async <Value>(promise: Promise<Value>): Promise<Value | undefined> => {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof LabelError && (error.code === 'FILE_DAMAGED' || error.code === 'FORMAT_UNSUPPORTED_FEATURE')) {
      return undefined;
    }
    throw error;
  }
};
