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
import { type Anomaly, type ByteSource, type Slot, TC260_XMP } from '@aigc-label/core';
import { type ExifLabel, exifLabels } from './exif-label.ts';
import { LABEL_KEY } from './place.ts';
import { isXmpPacket } from './xmp-packet.ts';

/** Boxes that stand at the top of JP2, JPX and JPM files (ISO/IEC 15444-1 annex I, -2 annex M, -6 annex B). */
export const JP2_BOXES: ReadonlySet<string> = new Set(
  'jP  |ftyp|rreq|jp2h|jp2c|jp2i|xml |uuid|uinf|jpch|jplh|ftbl|comp|copt|inst|asoc|nlst|jumb|mdat|free|dtbl|opct|drep|gtso|chck|mp7b|roid|cgrp|mhdr|pcol|page|pagt|mtbl|sdat|hdat'.split(
    '|',
  ),
);

/** XMP part 3 §1.1.5 (JPEG 2000): the user type of the `uuid` box that holds a packet. */
export const XMP_USER_TYPE = 'be7acfcb97a942e89c71999491e3afac';

/** The user type of Exif data, the characters `JpgTiffExif->JP2`. */
const EXIF_USER_TYPE = '4a706754696666457869662d3e4a5032';

/** Metadata that is read from one file in all, in bytes. */
const MAXIMUM_METADATA_BYTES: number = XMP_LIMIT_BYTES;

/** Pieces of metadata that are looked at; real files have one of each kind. */
const MAXIMUM_PIECES = 64;

/** A box of XMP or Exif. */
export interface Jp2Piece {
  readonly box: Box;
  readonly site: string;
  /** `undefined` where it is too large to be read. */
  readonly bytes: Uint8Array | undefined;
  readonly isXmp: boolean;
  /** Whether this is the box in which the label belongs. */
  readonly isPlace: boolean;
  /** Labels in Exif; their places count in the content. */
  readonly exif: readonly ExifLabel[];
}

/** What a JP2 file says under our key, and where. */
export interface Jp2Labels {
  readonly file: BoxFile;
  readonly pieces: readonly Jp2Piece[];
  readonly hasMore: boolean;
  readonly slots: readonly Slot[];
  readonly anomalies: readonly Anomaly[];
}

/** Looks at every place of a JP2, JPX or JPM file where our key can stand: boxes of XMP and Exif at the top. */
export const jp2Labels = async (source: ByteSource, budget: BoxBudget): Promise<Jp2Labels> => {
  const file = await readBoxChain(source, JP2_BOXES, budget);
  const anomalies: Anomaly[] = [...chainAnomalies('jp2', file, JP2_BOXES)];
  const boxes = file.boxes.filter(({ type, userType }) => type === 'xml ' || userType === XMP_USER_TYPE || userType === EXIF_USER_TYPE);
  const pieces: Jp2Piece[] = [];
  const slots: Slot[] = [];
  let left = MAXIMUM_METADATA_BYTES;
  for (const box of boxes.slice(0, MAXIMUM_PIECES)) {
    const site = siteOf(box, pieces);
    const size = contentSize(box);
    if (size > left) {
      anomalies.push({ code: 'limit', site, offset: box.offset, detail: `the box holds ${size} bytes` });
      pieces.push({ box, site, bytes: undefined, isXmp: false, isPlace: false, exif: [] });
      continue;
    }
    left -= size;
    const bytes = await source.read(contentOf(box), size);
    const isOwn = box.userType === XMP_USER_TYPE;
    const isXmp = isOwn || (box.type === 'xml ' && isXmpPacket(bytes));
    const isPlace = isOwn && pieces.every((piece) => !piece.isPlace);
    const exif = box.userType === EXIF_USER_TYPE ? await exifLabels(bytes, 0) : [];
    if (isXmp) {
      const found = xmpSlots(bytes, TC260_XMP, { site, isPlace, offset: box.offset });
      slots.push(...found.slots);
      anomalies.push(...found.anomalies);
    }
    slots.push(...exif.map((label): Slot => ({ key: LABEL_KEY, site: `${site}/${label.site}`, isGuidePlace: false, value: label.value })));
    pieces.push({ box, site, bytes, isXmp, isPlace, exif });
  }
  const hasMore = boxes.length > MAXIMUM_PIECES;
  if (hasMore) {
    anomalies.push({ code: 'limit', site: 'jp2', detail: `more than ${MAXIMUM_PIECES} boxes of metadata` });
  }
  return { file, pieces, hasMore, slots, anomalies };
};

const siteOf = ({ userType }: Box, before: readonly Jp2Piece[]): string => {
  const name = userType === XMP_USER_TYPE ? 'jp2/uuid[XMP]' : userType === EXIF_USER_TYPE ? 'jp2/uuid[Exif]' : 'jp2/xml';
  const number = before.filter(({ site }) => site.startsWith(name)).length;
  return number === 0 ? name : `${name}[${number}]`;
};
