import { type Anomaly, type ByteSource, concat, damaged, LabelError, latin1 } from '@aigc-label/core';

/**
 * GIF has no length above 255, so finding its last block means touching every 256th byte, which costs a disk as much as reading them all. A window of this size
 * moves over the file; nothing of the pixels is kept.
 */
const WINDOW_BYTES = 1 << 16;

/** The largest file that is walked; animations of video length have some hundred MB. */
const MAXIMUM_WALK_BYTES = 1 << 30;

/** Extensions that are kept for a closer look. */
const MAXIMUM_EXTENSIONS = 1_000;

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
const PLAIN_TEXT = 0x01;
const GRAPHIC_CONTROL = 0xf9;
const COMMENT = 0xfe;
const APPLICATION = 0xff;
const XMP_IDENTIFIER = 'XMP DataXMP';

/** A comment, or an application extension with XMP. */
export interface GifExtension {
  readonly kind: 'comment' | 'xmp';
  readonly start: number;
  /** Where its first (for `xmp`: its second) sub-block begins. */
  readonly dataStart: number;
  /** After its terminator. */
  readonly end: number;
}

/** The frame of a GIF (GIF89a §17 to §27). */
export interface GifStructure {
  readonly is87a: boolean;
  /** Where the first block of a picture begins, or the trailer. */
  readonly firstGraphic?: number;
  readonly extensions: readonly GifExtension[];
  readonly anomalies: readonly Anomaly[];
  /** Why the file is not to be edited. */
  readonly fault?: LabelError;
}

/** Whether a file begins like a GIF. */
export const isGif = (head: Uint8Array): boolean => /^GIF8[79]a/.test(latin1(head.subarray(0, 6)));

/** Walks a GIF to its trailer. */
export const readGifStructure = async (source: ByteSource): Promise<GifStructure> => {
  const extensions: GifExtension[] = [];
  let firstGraphic: number | undefined;
  let is87a = false;
  const faulty = (code: 'truncated' | 'damaged' | 'limit', offset: number, detail: string): GifStructure => {
    const fault =
      code === 'limit'
        ? new LabelError('LIMIT_EXCEEDED', `The GIF cannot be labelled: ${detail}.`, { data: { offset } })
        : damaged('gif', offset, detail);
    return { is87a, extensions, anomalies: [{ code, site: 'gif', offset, detail }], fault };
  };
  if (source.size < 13) {
    return faulty('truncated', 0, 'the file ends in its header');
  }
  const header = await source.read(0, 13);
  if (!isGif(header)) {
    return faulty('damaged', 0, 'the GIF signature is missing');
  }
  is87a = header[4] === 0x37;
  const byteAt = windowOver(source);
  let position = 13 + tableBytes(header[10] ?? 0);
  while (position < MAXIMUM_WALK_BYTES) {
    const start = position;
    const opening = byteAt(start);
    const introducer = typeof opening === 'object' ? await opening : opening;
    if (introducer === TRAILER) {
      const anomalies: readonly Anomaly[] =
        start + 1 < source.size
          ? [{ code: 'trailing_data', site: 'gif', offset: start + 1, detail: `${source.size - start - 1} bytes follow the trailer` }]
          : [];
      return { is87a, firstGraphic: firstGraphic ?? start, extensions, anomalies };
    }
    const second = byteAt(start + 1);
    const label = typeof second === 'object' ? await second : second;
    if (introducer === undefined || label === undefined) {
      return faulty('truncated', Math.min(start, source.size), 'the file ends before its trailer');
    }
    if (introducer !== IMAGE && introducer !== EXTENSION) {
      return faulty('damaged', start, 'what stands here is not a block');
    }
    const dataStart = introducer === IMAGE ? start + 11 + tableBytes((await byteAt(start + 9)) ?? 0) : start + 2;
    const end = await skipSubBlocks(byteAt, dataStart);
    if (end === undefined) {
      return faulty('truncated', start, 'the file ends in a block');
    }
    if (introducer === IMAGE || label === GRAPHIC_CONTROL || label === PLAIN_TEXT) {
      firstGraphic ??= start;
    } else if (label === COMMENT || (label === APPLICATION && (await isXmp(source, dataStart, end)))) {
      if (extensions.length >= MAXIMUM_EXTENSIONS) {
        return faulty('limit', start, `it has more than ${MAXIMUM_EXTENSIONS} comments`);
      }
      extensions.push(label === COMMENT ? { kind: 'comment', start, dataStart, end } : { kind: 'xmp', start, dataStart: dataStart + 12, end });
    }
    position = end;
  }
  return faulty('limit', position, `more than ${MAXIMUM_WALK_BYTES} bytes stand before its trailer`);
};

/** The data of sub-blocks, put together (GIF89a §15). */
export const joinGifSubBlocks = (bytes: Uint8Array): Uint8Array => {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = bytes[at] ?? 0;
    if (size === 0) {
      break;
    }
    parts.push(bytes.subarray(at + 1, at + 1 + size));
    at += 1 + size;
  }
  return concat(...parts);
};

const isXmp = async (source: ByteSource, dataStart: number, end: number): Promise<boolean> =>
  end - dataStart > 12 && latin1(await source.read(dataStart, 12)) === `\u000b${XMP_IDENTIFIER}`;

/** Not a promise where the byte is at hand: an animation has millions of sub-blocks. */
type ByteAt = (position: number) => number | undefined | Promise<number | undefined>;

const windowOver = (source: ByteSource): ByteAt => {
  let start = 0;
  let bytes: Uint8Array = new Uint8Array(0);
  const refill = async (position: number): Promise<number | undefined> => {
    start = position;
    bytes = await source.read(start, Math.min(WINDOW_BYTES, source.size - start));
    return bytes[0];
  };
  return (position) => {
    if (position >= source.size) {
      return undefined;
    }
    return position < start || position >= start + bytes.length ? refill(position) : bytes[position - start];
  };
};

/** After the terminator; `undefined` where the file ends before it. */
const skipSubBlocks = async (byteAt: ByteAt, dataStart: number): Promise<number | undefined> => {
  for (let position = dataStart; ; ) {
    const reading = byteAt(position);
    const size = typeof reading === 'object' ? await reading : reading;
    if (size === undefined) {
      return undefined;
    }
    position += 1 + size;
    if (size === 0) {
      return position;
    }
  }
};

/** Bytes of the colour table that these flags announce (GIF89a §18, §20). */
const tableBytes = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));
