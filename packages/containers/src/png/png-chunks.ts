import { type Anomaly, ascii, type ByteSource, concat, damaged, fromUtf8, LabelError, latin1, startsWith, u32At, u32be } from '@aigc-label/core';
import { crc32 } from './crc32.ts';

/** The eight bytes with which every PNG begins (PNG 3rd ed. §5.2). */
export const PNG_SIGNATURE: Uint8Array = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** A 4 GiB file of 8 KiB IDAT chunks has 524,288; only their headers are read. */
const MAXIMUM_CHUNKS = 1_000_000;

/** Textual chunks that are looked at; real files have a handful. */
const MAXIMUM_TEXT_CHUNKS = 1_000;

const IDAT = 0x49444154;

/** Length, type and CRC. */
const CHUNK_OVERHEAD_BYTES = 12;
const MAXIMUM_LENGTH = 0x7fffffff;

/** One chunk, by its place: length field at `offset`, `length` bytes of data from `offset + 8`, all over at `end`. */
export interface PngChunk {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly end: number;
}

/** The frame of a PNG or APNG. */
export interface PngStructure {
  /** Where a chunk directly after IHDR goes. */
  readonly afterHeader?: number;
  readonly texts: readonly PngChunk[];
  /** The first eXIf chunk. */
  readonly exif?: PngChunk;
  readonly anomalies: readonly Anomaly[];
  /** Why the file is not to be edited. */
  readonly fault?: LabelError;
}

/**
 * Walks a PNG by the headers of its chunks; no data is read and no CRC of pixels checked. Apple's CgBI before IHDR is accepted: its chunks are framed alike.
 * A chunk that is too long, an IHDR that is missing or stands twice, or an end before IEND are a `fault`.
 *
 * @param visit is given every chunk, of pixels too, in order.
 */
export const readPngStructure = async (source: ByteSource, visit?: (chunk: PngChunk) => void): Promise<PngStructure> => {
  const anomalies: Anomaly[] = [];
  const texts: PngChunk[] = [];
  let afterHeader: number | undefined;
  let exif: PngChunk | undefined;
  let twice: LabelError | undefined;
  const places = (): Partial<PngStructure> => ({ ...(afterHeader === undefined ? {} : { afterHeader }), ...(exif === undefined ? {} : { exif }) });
  const faulty = (code: 'truncated' | 'damaged' | 'limit', offset: number, detail: string): PngStructure => {
    const fault =
      code === 'limit'
        ? new LabelError('LIMIT_EXCEEDED', `The PNG cannot be labelled: ${detail}. Save it again with larger chunks.`, { data: { offset } })
        : damaged('png', offset, detail);
    return { ...places(), texts, anomalies: [...anomalies, { code, site: 'png', offset, detail }], fault };
  };
  if (source.size < PNG_SIGNATURE.length || !startsWith(await source.read(0, PNG_SIGNATURE.length), PNG_SIGNATURE)) {
    return faulty('damaged', 0, 'the PNG signature is missing');
  }
  let position = PNG_SIGNATURE.length;
  for (let count = 0; ; count += 1) {
    if (count >= MAXIMUM_CHUNKS) {
      return faulty('limit', position, `it has more than ${MAXIMUM_CHUNKS} chunks`);
    }
    if (position + CHUNK_OVERHEAD_BYTES > source.size) {
      return faulty('truncated', position, 'the file ends before its IEND chunk');
    }
    const reading = source.read(position, 8);
    // A source that has the bytes at hand is not waited for: large pictures have thousands of chunks.
    const header = reading instanceof Uint8Array ? reading : await reading;
    const length = u32At(header, 0);
    if (
      u32At(header, 4) === IDAT &&
      afterHeader !== undefined &&
      position + CHUNK_OVERHEAD_BYTES + length <= source.size &&
      length <= MAXIMUM_LENGTH
    ) {
      visit?.({ type: 'IDAT', offset: position, length, end: position + CHUNK_OVERHEAD_BYTES + length });
      position += CHUNK_OVERHEAD_BYTES + length;
      continue;
    }
    const type = latin1(header.subarray(4));
    if (length > MAXIMUM_LENGTH || !/^[A-Za-z]{4}$/.test(type)) {
      return faulty('damaged', position, 'what stands here is not a chunk');
    }
    const chunk = { type, offset: position, length, end: position + CHUNK_OVERHEAD_BYTES + length };
    if (chunk.end > source.size) {
      return faulty('truncated', position, `the chunk ${type} announces ${length} bytes and the file ends in it`);
    }
    if (afterHeader === undefined && type !== 'IHDR' && !(type === 'CgBI' && count === 0)) {
      return faulty('damaged', position, `the first chunk is ${type}, not IHDR`);
    }
    position = chunk.end;
    visit?.(chunk);
    if (type === 'IEND') {
      if (position < source.size) {
        anomalies.push({ code: 'trailing_data', site: 'png', offset: position, detail: `${source.size - position} bytes follow IEND` });
      }
      return { ...places(), texts, anomalies, ...(twice === undefined ? {} : { fault: twice }) };
    }
    if (type === 'IHDR' && afterHeader !== undefined) {
      // The walk goes on, for a label may stand behind it.
      const detail = 'IHDR stands twice, and readers differ on which one counts';
      if (twice === undefined) {
        anomalies.push({ code: 'damaged', site: 'png', offset: chunk.offset, detail });
      }
      twice ??= damaged('png', chunk.offset, detail);
    } else if (type === 'IHDR') {
      if (length !== 13) {
        return faulty('damaged', chunk.offset, `IHDR has ${length} bytes instead of 13`);
      }
      afterHeader = chunk.end;
    } else if (type === 'tEXt' || type === 'zTXt' || type === 'iTXt') {
      if (texts.length >= MAXIMUM_TEXT_CHUNKS) {
        return faulty('limit', chunk.offset, `it has more than ${MAXIMUM_TEXT_CHUNKS} textual chunks`);
      }
      texts.push(chunk);
    } else if (type === 'eXIf') {
      if (exif !== undefined) {
        // PNG 3rd ed. §11.3.4.3 allows one, and only the first is read.
        anomalies.push({ code: 'damaged', site: 'png/eXIf', offset: chunk.offset, detail: 'a second eXIf chunk is not read' });
      }
      exif ??= chunk;
    }
  }
};

/** A whole chunk: length, type, data, CRC (PNG 3rd ed. §5.3). */
export const encodePngChunk = (type: string, data: Uint8Array): Uint8Array => {
  const name = ascii(type);
  return concat(u32be(data.length), name, data, u32be(crc32(name, data)));
};

/** Whether the CRC of a chunk is that of its type and data, which are read whole: look at its length before. */
export const hasGoodPngChecksum = async (source: ByteSource, { offset, length }: PngChunk): Promise<boolean> => {
  const bytes = await source.read(offset + 4, length + 8);
  return crc32(bytes.subarray(0, -4)) === u32At(bytes, length + 4);
};

/** Text of a tEXt chunk: Latin-1 by the standard, UTF-8 by habit. */
export const pngText = (bytes: Uint8Array): string => fromUtf8(bytes) ?? latin1(bytes);
