import { type Anomaly, type ByteSource, damaged, LabelError } from '@aigc-label/core';

/** A file of 4 GiB could hold 65,536 full segments; real ones have some hundreds (extended XMP, ICC). */
const MAXIMUM_SEGMENTS = 100_000;

/** Fill bytes before a marker (ITU-T T.81 §B.1.1.2); writers that align segments use a few. */
const MAXIMUM_FILL_BYTES = 1 << 16;

/** What is kept of each segment to tell what it is: the longest signature is that of extended XMP, 35 bytes. */
const HEAD_BYTES = 40;

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;

/** One marker segment before the pixels. */
export interface JpegSegment {
  /** The second byte of the marker: 0xE1 for APP1. */
  readonly marker: number;
  /** The first fill byte or the marker. */
  readonly start: number;
  /** After marker and length field. */
  readonly dataStart: number;
  readonly end: number;
  /** The first bytes of the data, at most 40. */
  readonly head: Uint8Array;
}

/** The frame of a JPEG down to its first scan. */
export interface JpegStructure {
  readonly segments: readonly JpegSegment[];
  readonly anomalies: readonly Anomaly[];
  /** Why the file is not to be edited. */
  readonly fault?: LabelError;
}

/**
 * Walks the marker segments from SOI to the first SOS (ITU-T T.81 annex B); entropy-coded data is never read. The end of the picture could only be found by
 * reading all of it, so bytes after it are told by the file not ending with EOI: junk that itself ends with FF D9, such as a second picture, is not noticed.
 */
export const readJpegStructure = async (source: ByteSource): Promise<JpegStructure> => {
  const segments: JpegSegment[] = [];
  const faulty = (code: 'truncated' | 'damaged' | 'limit', offset: number, detail: string): JpegStructure => {
    const fault =
      code === 'limit'
        ? new LabelError('LIMIT_EXCEEDED', `The JPEG cannot be labelled: ${detail}.`, { data: { offset } })
        : damaged('jpeg', offset, detail);
    return { segments, anomalies: [{ code, site: 'jpeg', offset, detail }], fault };
  };
  if (source.size < 4) {
    return faulty('truncated', 0, 'the file ends before its first segment');
  }
  const [first, second] = await source.read(0, 2);
  if (first !== 0xff || second !== SOI) {
    return faulty('damaged', 0, 'the file does not begin with SOI');
  }
  let position = 2;
  while (segments.length < MAXIMUM_SEGMENTS) {
    const marked = await readMarker(source, position);
    if (typeof marked === 'string') {
      return marked === 'limit'
        ? faulty('limit', position, `more than ${MAXIMUM_FILL_BYTES} fill bytes stand before a marker`)
        : faulty(marked, position, marked === 'truncated' ? 'the file ends before its first scan' : 'what stands here is not a marker');
    }
    const { marker, dataStart } = marked;
    // TEM and RSTn have no length (ITU-T T.81 table B.1).
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      segments.push({ marker, start: position, dataStart, end: dataStart, head: new Uint8Array(0) });
      position = dataStart;
      continue;
    }
    if (marker === 0x00 || marker === SOI || marker === EOI) {
      return faulty('damaged', position, marker === EOI ? 'the file ends without a picture' : 'a marker stands here that cannot');
    }
    if (dataStart + 2 > source.size) {
      return faulty('truncated', position, 'the file ends in the length of a segment');
    }
    const [high = 0, low = 0] = await source.read(dataStart, 2);
    const end = dataStart + high * 256 + low;
    if (end < dataStart + 2) {
      return faulty('damaged', position, `the segment ${marker.toString(16)} announces ${end - dataStart} bytes, less than its own length field`);
    }
    if (end > source.size) {
      return faulty('truncated', position, `the segment ${marker.toString(16)} announces ${end - dataStart} bytes and the file ends in it`);
    }
    if (marker === SOS) {
      return { segments, anomalies: await trailingData(source) };
    }
    const head = await source.read(dataStart + 2, Math.min(HEAD_BYTES, end - dataStart - 2));
    segments.push({ marker, start: position, dataStart: dataStart + 2, end, head });
    position = end;
  }
  return faulty('limit', position, `it has more than ${MAXIMUM_SEGMENTS} segments`);
};

const readMarker = async (
  source: ByteSource,
  position: number,
): Promise<{ readonly marker: number; readonly dataStart: number } | 'truncated' | 'damaged' | 'limit'> => {
  for (let fill = 0; fill < MAXIMUM_FILL_BYTES; ) {
    const window = await source.read(position + fill, Math.max(0, Math.min(fill === 0 ? 2 : 1024, source.size - position - fill)));
    if (window.length === 0) {
      return 'truncated';
    }
    if (fill === 0 && window[0] !== 0xff) {
      return 'damaged';
    }
    const at = window.findIndex((byte) => byte !== 0xff);
    if (at >= 0) {
      return { marker: window[at] ?? 0, dataStart: position + fill + at + 1 };
    }
    fill += window.length;
  }
  return 'limit';
};

const trailingData = async (source: ByteSource): Promise<readonly Anomaly[]> => {
  const [first, second] = await source.read(source.size - 2, 2);
  const detail = 'the file does not end with EOI: bytes follow the picture, or its end is missing';
  return first === 0xff && second === EOI ? [] : [{ code: 'trailing_data', site: 'jpeg', detail }];
};
