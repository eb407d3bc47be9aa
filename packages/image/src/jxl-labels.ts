import {
  type Box,
  type BoxBudget,
  type BoxFile,
  chainAnomalies,
  contentOf,
  contentSize,
  readBoxChain,
  XMP_LIMIT_BYTES,
  xmpSlots,
} from '@aigc-label/containers';
import { type Anomaly, type ByteSource, latin1, type Slot, TC260_XMP, u32At } from '@aigc-label/core';
import { inflateBrotli } from './brotli.ts';
import { type ExifLabel, exifLabels } from './exif-label.ts';
import { LABEL_KEY } from './place.ts';
import { isXmpPacket } from './xmp-packet.ts';

/** Boxes of ISO/IEC 18181-2. */
export const JXL_BOXES: ReadonlySet<string> = new Set([
  'JXL ',
  'ftyp',
  'jxll',
  'jxli',
  'jxlc',
  'jxlp',
  'jbrd',
  'Exif',
  'xml ',
  'jumb',
  'brob',
  'uuid',
]);

/** Metadata that is read from one file in all, in bytes after decompression. */
const MAXIMUM_METADATA_BYTES: number = XMP_LIMIT_BYTES;

/** Pieces of metadata that are looked at; real files have one of each kind. */
const MAXIMUM_PIECES = 64;

/** A box of XMP or Exif, compressed or not. */
export interface JxlPiece {
  readonly box: Box;
  readonly kind: 'xml ' | 'Exif';
  readonly isCompressed: boolean;
  readonly site: string;
  /** The content, decompressed; `undefined` where it cannot be read. */
  readonly bytes: Uint8Array | undefined;
  readonly isXmp: boolean;
  /** Whether this is the box in which the label belongs. */
  readonly isPlace: boolean;
  /** Whether it holds our key. */
  readonly holdsLabel: boolean;
  /** Labels in Exif; their places count in the content. */
  readonly exif: readonly ExifLabel[];
}

/** What a JPEG XL container says under our key, and where. */
export interface JxlLabels {
  readonly file: BoxFile;
  readonly pieces: readonly JxlPiece[];
  readonly hasMore: boolean;
  readonly slots: readonly Slot[];
  readonly anomalies: readonly Anomaly[];
}

/** Looks at every place of a JPEG XL container where our key can stand: boxes of XMP and Exif, compressed (`brob`) or not. */
export const jxlLabels = async (source: ByteSource, budget: BoxBudget): Promise<JxlLabels> => {
  const file = await readBoxChain(source, JXL_BOXES, budget);
  const search: Search = { source, anomalies: [...chainAnomalies('jxl', file, JXL_BOXES)], left: MAXIMUM_METADATA_BYTES };
  const boxes = file.boxes.filter(({ type }) => type === 'xml ' || type === 'Exif' || type === 'brob');
  const pieces: JxlPiece[] = [];
  const slots: Slot[] = [];
  for (const box of boxes.slice(0, MAXIMUM_PIECES)) {
    const piece = await pieceOf(search, box, pieces);
    if (piece !== undefined) {
      const found = slotsOf(search, piece);
      pieces.push({ ...piece, holdsLabel: found.length > 0 });
      slots.push(...found);
    }
  }
  const hasMore = boxes.length > MAXIMUM_PIECES;
  if (hasMore) {
    search.anomalies.push({ code: 'limit', site: 'jxl', detail: `more than ${MAXIMUM_PIECES} boxes of metadata` });
  }
  return { file, pieces, hasMore, slots, anomalies: search.anomalies };
};

interface Search {
  readonly source: ByteSource;
  readonly anomalies: Anomaly[];
  left: number;
}

const pieceOf = async (search: Search, box: Box, before: readonly JxlPiece[]): Promise<Omit<JxlPiece, 'holdsLabel'> | undefined> => {
  const isCompressed = box.type === 'brob';
  const kind = isCompressed ? await innerType(search, box) : box.type;
  if (kind !== 'xml ' && kind !== 'Exif') {
    return undefined;
  }
  const number = before.filter((piece) => piece.kind === kind).length;
  const site = `jxl/${isCompressed ? `brob[${kind.trim()}]` : kind.trim()}${number === 0 ? '' : `[${number}]`}`;
  const bytes = await contentOfPiece(search, box, isCompressed, site);
  const isXmp = kind === 'xml ' && bytes !== undefined && isXmpPacket(bytes);
  const isPlace = isXmp && !isCompressed && before.every((piece) => !piece.isPlace);
  return { box, kind, isCompressed, site, bytes, isXmp, isPlace, exif: kind === 'Exif' && bytes !== undefined ? await labelsOf(bytes) : [] };
};

const innerType = async ({ source, anomalies }: Search, box: Box): Promise<string> => {
  if (contentSize(box) < 4) {
    anomalies.push({ code: 'damaged', site: 'jxl/brob', offset: box.offset, detail: 'it does not say what it holds' });
    return '';
  }
  return latin1(await source.read(contentOf(box), 4));
};

const contentOfPiece = async (search: Search, box: Box, isCompressed: boolean, site: string): Promise<Uint8Array | undefined> => {
  const skipped = isCompressed ? 4 : 0;
  const size = contentSize(box) - skipped;
  if (size > search.left) {
    search.anomalies.push({ code: 'limit', site, offset: box.offset, detail: `the box holds ${size} bytes` });
    return undefined;
  }
  const stored = await search.source.read(contentOf(box) + skipped, size);
  const bytes = isCompressed ? await inflateBrotli(stored, search.left) : stored;
  if (typeof bytes === 'string') {
    const detail = { limit: 'more than is read', damaged: 'no Brotli stream', missing: 'there is no Brotli decoder here' }[bytes];
    search.anomalies.push({ code: bytes === 'limit' ? 'limit' : 'undecodable', site, offset: box.offset, detail });
    // What it would have given counts, so that 64 bombs cost no more than one.
    search.left = bytes === 'limit' ? 0 : search.left;
    return undefined;
  }
  search.left -= Math.max(size, bytes.length);
  return bytes;
};

/** The offset of the TIFF header, and that many bytes later the header (ISO/IEC 18181-2, Exif box). */
const labelsOf = async (bytes: Uint8Array): Promise<readonly ExifLabel[]> => {
  const start = 4 + u32At(bytes, 0);
  return bytes.length < 4 || start >= bytes.length ? [] : exifLabels(bytes.subarray(start), start);
};

const slotsOf = ({ anomalies }: Search, { box, site, bytes, isXmp, isPlace, exif }: Omit<JxlPiece, 'holdsLabel'>): readonly Slot[] => {
  if (isXmp && bytes !== undefined) {
    const found = xmpSlots(bytes, TC260_XMP, { site, isPlace, offset: box.offset });
    anomalies.push(...found.anomalies);
    return found.slots;
  }
  return exif.map((label): Slot => ({ key: LABEL_KEY, site: `${site}/${label.site}`, isGuidePlace: false, value: label.value }));
};
