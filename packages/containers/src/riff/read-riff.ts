// RIFF, RIFX, RF64 and BW64 files, and EA IFF 85 (FORM, of which they are heirs): see walk-chunks.ts; ds64: EBU Tech 3306 §3, ITU-R BS.2088-1 §5.
import { type Anomaly, ascii, type ByteSource, LabelError, latin1, startsWith, viewOf } from '@aigc-label/core';
import { type ChunkWalk, MAXIMUM_RIFF_CHUNKS, type RiffChunk, walkChunks } from './walk-chunks.ts';

/** The four letters, the size and the form type, in bytes. */
export const RIFF_HEADER_BYTES: number = 12;

/** Where the size of the whole is written, and what it says. */
export interface RiffSizeField {
  readonly at: number;
  readonly widthBytes: 4 | 8;
  readonly value: number;
}

/** A RIFF file and its chunks on the first level; offsets are of the file. */
export interface Riff {
  readonly magic: 'RIFF' | 'RIFX' | 'RF64' | 'BW64' | 'FORM';
  readonly isBigEndian: boolean;
  /** `WAVE`, `WEBP`, `AVI `. */
  readonly formType: string;
  readonly chunks: readonly RiffChunk[];
  /** Where the announced size ends; `undefined` where it was never known, as programs leave it that write into a pipe. */
  readonly announcedEnd: number | undefined;
  readonly sizeField: RiffSizeField | undefined;
  /** Where the last chunk ends, its padding included. */
  readonly end: number;
  /** Whether the chunks fill the announced size, so that another one may follow them. */
  readonly isComplete: boolean;
  /** Whether the file was cut off right between two chunks, so that another one may follow all that is left. */
  readonly isCutBetweenChunks: boolean;
  /** The chunk inside of which the announced size ends, though the chunks fill the file. */
  readonly crossing?: RiffChunk;
  /** How many more headers may be read below the first level. */
  readonly budget: { left: number };
  readonly anomalies: readonly Anomaly[];
}

/** Whether these first bytes are those of a RIFF family file with this form type; `FORM` only where it is asked for. */
export const isRiff = (head: Uint8Array, formType: string, magics: readonly Riff['magic'][] = MAGICS): boolean =>
  magics.some((magic) => startsWith(head, ascii(magic))) && startsWith(head, ascii(formType), 8);

/**
 * Reads the chunks on the first level.
 *
 * @throws LabelError `FILE_DAMAGED` where the header is cut short or is none.
 */
export const readRiff = async (source: ByteSource): Promise<Riff> => {
  const head = await source.read(0, Math.min(source.size, HEAD_WITH_DS64_BYTES));
  const magic = [...MAGICS, FORM].find((candidate) => startsWith(head, ascii(candidate)));
  if (magic === undefined || head.length < RIFF_HEADER_BYTES) {
    throw new LabelError('FILE_DAMAGED', 'The file has no RIFF header.', { data: { site: 'riff', offset: 0 } });
  }
  const isBigEndian = magic === 'RIFX' || magic === FORM;
  const ds64 = magic !== 'RF64' && magic !== 'BW64' ? undefined : parseDs64(head);
  const sizeField = sizeFieldOf(head, isBigEndian, magic, ds64, source.size);
  const announcedEnd = sizeField === undefined ? undefined : 8 + sizeField.value;
  const budget = { left: MAXIMUM_RIFF_CHUNKS };
  const is64 = magic === 'RF64' || magic === 'BW64';
  const isUnknown = (size: number | undefined): boolean =>
    size === UNSIZED || (announcedEnd === undefined && size !== undefined && isUnfilled(size, source.size));
  const walkTo = (limit: number): Promise<ChunkWalk> =>
    walkChunks(source, RIFF_HEADER_BYTES, {
      isBigEndian,
      limit: Math.max(limit, RIFF_HEADER_BYTES),
      budget,
      sizeOf: (id, field) => {
        const size = is64 && id === 'data' && field === UNSIZED ? ds64?.dataBytes : field;
        return mayBeEndless(id, size) && isUnknown(size) && (!is64 || size === 0) ? undefined : size;
      },
    });
  const announced = await walkTo(Math.min(announcedEnd ?? source.size, source.size));
  const whole = announcedEnd !== undefined && announced.problem?.code === 'damaged' ? await walkTo(source.size) : undefined;
  // A size that ends inside a chunk is wrong where the chunks fill the file.
  const fills = whole?.problem === undefined && whole?.chunks.every(({ id, isOpen }) => !isOpen && id !== 'RIFF') === true;
  const walked = fills && whole !== undefined ? whole : announced;
  const crossing = fills ? walked.chunks.find(({ end: chunkEnd }) => chunkEnd > (announcedEnd ?? 0)) : undefined;
  const { chunks, end } = await withOwnPadding(source, walked.chunks, walked.end, announcedEnd);
  const anomalies: Anomaly[] = [];
  if (crossing !== undefined) {
    anomalies.push({ code: 'damaged', site: 'riff', offset: crossing.start, detail: `the announced size ends inside chunk "${crossing.id}"` });
  } else if (walked.problem !== undefined) {
    anomalies.push({ code: walked.problem.code, site: 'riff', offset: walked.end, detail: walked.problem.what });
  }
  if (announcedEnd !== undefined && announcedEnd > source.size && walked.problem?.code !== 'truncated') {
    anomalies.push({ code: 'truncated', site: 'riff', offset: source.size, detail: `the file announces ${announcedEnd} bytes` });
  }
  const isShort = announcedEnd !== undefined && announcedEnd < RIFF_HEADER_BYTES;
  if (isShort) {
    anomalies.push({ code: 'damaged', site: 'riff', offset: 4, detail: 'the announced size has no room for a form type' });
  }
  if (announcedEnd !== undefined && source.size > Math.max(end, announcedEnd)) {
    anomalies.push({ code: 'trailing_data', site: 'riff', offset: Math.max(end, announcedEnd), detail: 'bytes follow the end of the RIFF' });
  }
  const isRegular = announcedEnd !== undefined && announced.problem === undefined && !chunks.some(isOpenChunk);
  const isComplete = isRegular && announcedEnd <= source.size && !isShort;
  const isCutBetweenChunks = isRegular && announcedEnd > source.size;
  const formType = latin1(head.subarray(8, 12));
  const riff = { magic, isBigEndian, formType, chunks, announcedEnd, sizeField, end, isComplete, isCutBetweenChunks, budget, anomalies };
  return crossing === undefined ? riff : { ...riff, crossing };
};

const UNSIZED = 0xffffffff;

/**
 * A program that writes into a pipe cannot come back to fill the sizes in. What stays: 0, or the largest number that it dared, give or take what stands before the samples
 * (SoX and eSpeak: 0x7FFFF000 and some; others 0x7FFFFFFF or 0xFFFFFFFF).
 */
const isUnfilled = (size: number, fileBytes: number): boolean =>
  size === 0 || size === UNSIZED || (size > fileBytes && ((size >= 0x7ffff000 && size <= 0x80001000) || size >= 0xffffff00));

/** Samples, of AIFF too, and the frames of an AVI: lists of facts are never that long. */
const mayBeEndless = (id: string, size: number | undefined): boolean => id === 'data' || id === 'SSND' || (id === 'LIST' && size === UNSIZED);

const MAGICS: readonly Riff['magic'][] = ['RIFF', 'RIFX', 'RF64', 'BW64'];
const FORM: Riff['magic'] = 'FORM';

const isOpenChunk = ({ isOpen }: RiffChunk): boolean => isOpen;

// RIFF header, ds64 header, RIFF size, data size.
const HEAD_WITH_DS64_BYTES = RIFF_HEADER_BYTES + 8 + 16;

// RIFF size, data size, sample count; the length of the table is left out by some.
const MINIMUM_DS64_BYTES = 24;

interface Ds64 {
  readonly sizeAt: number;
  readonly riffBytes: number;
  readonly dataBytes: number;
}

/** The sizes of a ds64 chunk, which must be the first; sizes of other chunks over 4 GiB (its table) have never been seen, and are not followed. */
const parseDs64 = (head: Uint8Array): Ds64 | undefined => {
  if (head.length < HEAD_WITH_DS64_BYTES || !startsWith(head, ascii('ds64'), RIFF_HEADER_BYTES)) {
    return undefined;
  }
  const view = viewOf(head);
  if (view.getUint32(RIFF_HEADER_BYTES + 4, true) < MINIMUM_DS64_BYTES) {
    return undefined;
  }
  const sizeAt = RIFF_HEADER_BYTES + 8;
  const riffBytes = Number(view.getBigUint64(sizeAt, true));
  const dataBytes = Number(view.getBigUint64(sizeAt + 8, true));
  return Number.isSafeInteger(riffBytes) && Number.isSafeInteger(dataBytes) ? { sizeAt, riffBytes, dataBytes } : undefined;
};

const sizeFieldOf = (
  head: Uint8Array,
  isBigEndian: boolean,
  magic: Riff['magic'],
  ds64: Ds64 | undefined,
  fileBytes: number,
): RiffSizeField | undefined => {
  const value = viewOf(head).getUint32(4, !isBigEndian);
  if (magic === 'RF64' || magic === 'BW64') {
    return ds64 === undefined || ds64.riffBytes === 0 ? undefined : { at: ds64.sizeAt, widthBytes: 8, value: ds64.riffBytes };
  }
  return isUnfilled(value, fileBytes) ? undefined : { at: 4, widthBytes: 4, value };
};

/**
 * An odd size of the whole leaves the padding of its last chunk outside of it: RIFF is a chunk itself, and this byte is its own padding.
 * Taken so only where this zero is the last byte of the file; anything longer is not ours to interpret.
 */
const withOwnPadding = async (
  source: ByteSource,
  chunks: readonly RiffChunk[],
  end: number,
  announcedEnd: number | undefined,
): Promise<{ chunks: readonly RiffChunk[]; end: number }> => {
  const last = chunks.at(-1);
  const isOdd = last !== undefined && !last.isOpen && last.sizeBytes % 2 === 1 && !last.isPadded && last.end === end && end === announcedEnd;
  if (last === undefined || !isOdd || source.size !== end + 1 || (await source.read(end, 1))[0] !== 0) {
    return { chunks, end };
  }
  return { chunks: [...chunks.slice(0, -1), { ...last, isPadded: true, end: end + 1 }], end: end + 1 };
};
