// Tags of FLV: Adobe Flash Video File Format Specification 10.1, annex E.2 to E.4.
import { type Anomaly, ascii, type ByteSource, concat, damaged, LabelError, startsWith, u16be, u32At, u32be } from '@aigc-label/core';

/** The header of a tag, in bytes; the number in front of the next tag has four. */
const TAG_HEADER_BYTES = 11;
const BACK_POINTER_BYTES = 4;

/** The longest data of a tag, in bytes: its size has 24 bits. */
export const MAXIMUM_FLV_TAG_BYTES: number = 0xff_ffff;

/** All metadata of a file that is read, in bytes: an index of half a day, a key frame every two seconds. */
const MAXIMUM_SCRIPT_BYTES = 448 << 10;

/** Tags of metadata that are read; an honest file has one, a recording that was interrupted a few. */
const MAXIMUM_SCRIPTS = 16;

/** Types of E.4.1, and 15, the scripts of AMF 3 that recorders of streams let through. */
const SCRIPT = 18;
const TYPES: ReadonlySet<number> = new Set([8, 9, 15, SCRIPT]);

/** The first bytes of a script that may be metadata: up to the end of the second name. */
const NAME_BYTES = 32;

/** A tag of metadata; offsets are of the file. */
export interface FlvScript {
  readonly start: number;
  /** Behind the number that follows it. */
  readonly end: number;
  /** Type, size, time and stream of the tag. */
  readonly header: Uint8Array;
  readonly data: Uint8Array;
  /** Where the value behind the name stands in `data`. */
  readonly valueAt: number;
}

/** What was found of an FLV. */
export interface Flv {
  /** Where the first tag begins. */
  readonly start: number;
  readonly scripts: readonly FlvScript[];
  readonly anomalies: readonly Anomaly[];
}

/** How many tags are looked at: as many as 512 KiB of headers, while reading; any number, while planning. */
export const FLV_READING_TAGS: number = 34_000;
export const FLV_PLANNING_TAGS: number = 40_000_000;

/** Whether a file begins as an FLV of version 1. */
export const isFlv = (head: Uint8Array): boolean => startsWith(head, ascii('FLV\u0001')) && head.length >= 9 && u32At(head, 5) >= 9;

/** Walks the tags; what `onMetaData` holds is read. Throws `LabelError` `FILE_DAMAGED` where there is no header. */
export const readFlv = async (source: ByteSource, maximumTags: number): Promise<Flv> => {
  const head = await source.read(0, Math.min(9, source.size));
  const start = u32At(head, 5) + BACK_POINTER_BYTES;
  if (!isFlv(head) || start > source.size) {
    throw damaged('flv', 0, 'the header has no end');
  }
  const scripts: FlvScript[] = [];
  const anomalies: Anomaly[] = [];
  const budget = { bytes: MAXIMUM_SCRIPT_BYTES, scripts: MAXIMUM_SCRIPTS };
  const stop = (code: Anomaly['code'], offset: number, detail: string): Flv => {
    anomalies.push({ code, site: 'flv', offset, detail });
    return { start, scripts, anomalies };
  };
  let position = start;
  for (let count = 0; position < source.size; count += 1) {
    if (count === maximumTags) {
      return stop('limit', position, `tags behind the first ${maximumTags} were not looked at`);
    }
    const header = await source.read(position, Math.min(TAG_HEADER_BYTES, source.size - position));
    const type = (header[0] ?? 0) & 0x1f;
    if (!TYPES.has(type) || ((header[0] ?? 0) & 0xc0) !== 0) {
      return stop('trailing_data', position, 'bytes follow the last tag');
    }
    const sizeBytes = u32At(header, 0) & MAXIMUM_FLV_TAG_BYTES;
    const dataStart = position + TAG_HEADER_BYTES;
    const end = dataStart + sizeBytes + BACK_POINTER_BYTES;
    if (end > source.size) {
      return stop('truncated', position, 'the file ends inside a tag');
    }
    // Bit 5 says that the data is encrypted.
    if (header[0] === SCRIPT) {
      const first = await source.read(dataStart, Math.min(NAME_BYTES, sizeBytes));
      const valueAt = metadataAt(first);
      if (valueAt !== undefined) {
        budget.bytes -= sizeBytes;
        budget.scripts -= 1;
        if (budget.bytes < 0 || budget.scripts < 0) {
          return stop('limit', position, 'there is more metadata than is read');
        }
        const whole = await source.read(dataStart, sizeBytes + BACK_POINTER_BYTES);

        scripts.push({ start: position, end, header, data: whole.subarray(0, sizeBytes), valueAt });
        if (u32At(whole, sizeBytes) !== TAG_HEADER_BYTES + sizeBytes) {
          anomalies.push({
            code: 'damaged',
            site: 'flv/onMetaData',
            offset: end - BACK_POINTER_BYTES,
            detail: 'the size behind a tag is not its size',
          });
        }
      }
    }
    position = end;
  }
  return { start, scripts, anomalies };
};

/** A string of AMF 0, with its marker. */
const amfString = (text: string): Uint8Array => concat(Uint8Array.of(2), u16be(text.length), ascii(text));

const NAME = amfString('onMetaData');

/** What recorders of RTMP streams leave in front of it. */
const PREFIX = amfString('@setDataFrame');

const metadataAt = (first: Uint8Array): number | undefined => {
  const at = startsWith(first, PREFIX) ? PREFIX.length : 0;
  return startsWith(first, NAME, at) ? at + NAME.length : undefined;
};

/**
 * A tag of metadata with its size in front and behind; its other fields are those of `header`, the first bytes of a tag that is replaced.
 * @throws LabelError `CARRIER_FULL` where the data is longer than 24 bits can say.
 */
export const flvScriptTag = (data: Uint8Array, header: Uint8Array = Uint8Array.of(SCRIPT, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)): Uint8Array => {
  if (data.length > MAXIMUM_FLV_TAG_BYTES) {
    throw new LabelError('CARRIER_FULL', 'The metadata of the file has no room for a label; write it with a shorter index.', {
      data: { site: 'flv/onMetaData' },
    });
  }
  return concat(
    header.subarray(0, 1),
    u32be(data.length).subarray(1),
    header.subarray(4, TAG_HEADER_BYTES),
    data,
    u32be(TAG_HEADER_BYTES + data.length),
  );
};

/** A new `onMetaData`: the name, and an ECMA array of one property. */
export const newFlvMetadata = (property: Uint8Array): Uint8Array => concat(NAME, Uint8Array.of(8), u32be(1), property, Uint8Array.of(0, 0, 9));

/** A property of AMF 0 that is a string. Throws `LabelError` `CARRIER_FULL` where the text is longer than 16 bits can say. */
export const amfProperty = (name: string, text: Uint8Array): Uint8Array => {
  if (text.length > 0xffff) {
    throw new LabelError('CARRIER_FULL', 'A label of more than 65535 bytes has no room in an FLV; shorten its reserved codes.', {
      data: { site: 'flv/onMetaData', limitBytes: 0xffff },
    });
  }
  return concat(u16be(name.length), ascii(name), Uint8Array.of(2), u16be(text.length), text);
};
