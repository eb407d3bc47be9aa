import {
  type Box,
  type BoxBudget,
  contentOf,
  contentSize,
  type Heif,
  type ItemInfo,
  type ItemStretch,
  itemPlace,
  itemSize,
  readHeif,
  readItem,
  XMP_LIMIT_BYTES,
  xmpSlots,
} from '@aigc-label/containers';
import { type Anomaly, type ByteSource, type Slot, TC260_XMP, u32At } from '@aigc-label/core';
import { type ExifLabel, exifLabels } from './exif-label.ts';
import { LABEL_KEY } from './place.ts';

/** The content type of an item that holds XMP (ISO/IEC 23008-12 annex A.3). */
export const XMP_CONTENT_TYPE = 'application/rdf+xml';

/** XMP part 3 §1.1.4: the user type of the `uuid` box that holds a packet. */
export const XMP_USER_TYPE = 'be7acfcb97a942e89c71999491e3afac';

/** Metadata that is read from one file in all, in bytes. */
const MAXIMUM_METADATA_BYTES: number = XMP_LIMIT_BYTES;

/** Pieces of metadata that are looked at: a picture has one of each kind, a burst some tens. */
const MAXIMUM_PACKETS = 64;

/** XMP in a file: an item, or a box at the top. */
export interface HeifPacket {
  readonly site: string;
  readonly isPlace: boolean;
  /** Where it lies; an item in several pieces can be read, but not edited. */
  readonly stretches: readonly Pick<ItemStretch, 'start' | 'length' | 'parents'>[];
  /** Set where it is an item. */
  readonly item?: { readonly id: number; readonly stretches: readonly ItemStretch[] };
  /** `undefined` where it cannot be read. */
  readonly bytes: Uint8Array | undefined;
  readonly trouble?: string;
}

/** A label in an Exif item; one in several pieces can be read, but not edited. */
export interface HeifExif extends ExifLabel {
  readonly isWhole: boolean;
}

/** What a HEIF file says under our key, and where. */
export interface HeifLabels {
  readonly heif: Heif;
  readonly packets: readonly HeifPacket[];
  readonly exif: readonly HeifExif[];
  readonly slots: readonly Slot[];
  readonly anomalies: readonly Anomaly[];
  readonly hasMore: boolean;
}

/** Looks at every place of a HEIF file where our key can stand: XMP items, XMP boxes, Exif items. */
export const heifLabels = async (source: ByteSource, budget: BoxBudget): Promise<HeifLabels> => {
  const heif = await readHeif(source, budget);
  const search: Search = {
    source,
    heif,
    packets: [],
    exif: [],
    slots: [],
    anomalies: [...topAnomalies(heif, source.size)],
    left: MAXIMUM_METADATA_BYTES,
  };
  const described = new Set(
    heif.references?.content.references.filter(({ type, to }) => type === 'cdsc' && to.includes(heif.primary ?? -1)).map(({ from }) => from),
  );
  const items = heif.infos?.content.items.filter((item) => item.type === 'Exif' || item.contentType === XMP_CONTENT_TYPE) ?? [];
  const boxes = heif.file.boxes.filter(({ userType }) => userType === XMP_USER_TYPE);
  for (const item of items.slice(0, MAXIMUM_PACKETS)) {
    await (item.type === 'Exif' ? searchExif(search, item) : searchItem(search, item, described.has(item.id)));
  }
  for (const box of boxes.slice(0, MAXIMUM_PACKETS)) {
    await searchBox(search, box);
  }
  const hasMore = items.length > MAXIMUM_PACKETS || boxes.length > MAXIMUM_PACKETS;
  if (hasMore) {
    search.anomalies.push({ code: 'limit', site: 'heif/iinf', detail: `more than ${MAXIMUM_PACKETS} pieces of metadata` });
  }
  return { ...search, hasMore };
};

interface Search {
  readonly source: ByteSource;
  readonly heif: Heif;
  readonly packets: HeifPacket[];
  readonly exif: HeifExif[];
  readonly slots: Slot[];
  readonly anomalies: Anomaly[];
  left: number;
}

const topAnomalies = ({ file, meta, anomalies }: Heif, sizeBytes: number): readonly Anomaly[] => {
  const { rest } = file;
  const noted: Anomaly[] = [...anomalies];
  if (rest?.kind === 'overrun' && rest.box !== undefined && TOP.has(rest.box.type)) {
    const detail = `the box is announced beyond the end of the file (${sizeBytes})`;
    noted.push({ code: 'truncated', site: `heif/${rest.box.type}`, offset: rest.offset, detail });
  } else if (rest?.kind === 'tooSmall' && TOP.has(rest.type ?? '')) {
    noted.push({ code: 'damaged', site: `heif/${rest.type}`, offset: rest.offset, detail: 'the box is announced smaller than its header' });
  } else if (rest !== undefined) {
    noted.push({ code: 'trailing_data', site: 'heif', offset: rest.offset, detail: `${rest.length} bytes follow the last box` });
  }
  if (meta === undefined && file.movies.length === 0) {
    noted.push({ code: 'damaged', site: 'heif/meta', detail: 'there is no meta box' });
  }
  return noted;
};

/** Boxes that may stand at the top and be cut off; what looks like anything else is no box. */
const TOP: ReadonlySet<string> = new Set(['meta', 'mdat', 'moov', 'moof', 'idat', 'uuid', 'free', 'skip']);

const bytesOf = async (search: Search, info: ItemInfo, site: string): Promise<{ bytes: Uint8Array; stretches: readonly ItemStretch[] } | string> => {
  const place = itemPlace(search.heif, info.id);
  if ('trouble' in place) {
    search.anomalies.push({ code: 'damaged', site, detail: place.trouble });
    return place.trouble;
  }
  const size = itemSize(place.stretches);
  const trouble = info.isProtected || info.contentEncoding !== '' ? 'it is encrypted or compressed' : `it holds ${size} bytes`;
  if (info.isProtected || info.contentEncoding !== '' || size > search.left) {
    const code = size > search.left ? 'limit' : 'undecodable';
    search.anomalies.push({ code, site, ...offsetOf(place.stretches), detail: trouble });
    return trouble;
  }
  search.left -= size;
  return { bytes: await readItem(search.source, place.stretches), stretches: place.stretches };
};

const offsetOf = ([first]: readonly ItemStretch[]): { readonly offset?: number } => (first === undefined ? {} : { offset: first.start });

const searchItem = async (search: Search, info: ItemInfo, isDescribing: boolean): Promise<void> => {
  const site = `heif/item[${XMP_CONTENT_TYPE}]${search.packets.length === 0 ? '' : `[${search.packets.length}]`}`;
  const found = await bytesOf(search, info, site);
  if (typeof found === 'string') {
    search.packets.push({ site, isPlace: false, stretches: [], bytes: undefined, trouble: found });
    return;
  }
  const { bytes, stretches } = found;
  const isPlace = isDescribing && stretches.length === 1 && !isBlank(bytes) && search.packets.every((packet) => !packet.isPlace);
  takePacket(search, { site, isPlace, stretches, bytes, item: { id: info.id, stretches } });
};

const searchBox = async (search: Search, box: Box): Promise<void> => {
  const site = 'heif/uuid[XMP]';
  const length = contentSize(box);
  if (length > search.left) {
    search.anomalies.push({ code: 'limit', site, offset: box.offset, detail: `the box holds ${length} bytes` });
    search.packets.push({ site, isPlace: false, stretches: [], bytes: undefined, trouble: `it holds ${length} bytes` });
    return;
  }
  search.left -= length;
  const start = contentOf(box);
  takePacket(search, { site, isPlace: false, stretches: [{ start, length, parents: [box] }], bytes: await search.source.read(start, length) });
};

const takePacket = (search: Search, packet: HeifPacket): void => {
  const { site, isPlace, bytes = new Uint8Array(0), stretches } = packet;
  const { slots, anomalies } = xmpSlots(bytes, TC260_XMP, { site, isPlace, offset: stretches[0]?.start ?? 0 });
  search.slots.push(...slots);
  search.anomalies.push(...anomalies);
  search.packets.push(packet);
};

/** Nothing but white space and NULs, in whatever encoding: such an item is left alone. */
const isBlank = (bytes: Uint8Array): boolean => bytes.every((byte) => byte <= 0x20);

/** An Exif item: the offset of the TIFF header, and that many bytes later the header (ISO/IEC 23008-12 annex A.2.1). */
const searchExif = async (search: Search, info: ItemInfo): Promise<void> => {
  const site = 'heif/item[Exif]';
  const found = await bytesOf(search, info, site);
  if (typeof found === 'string') {
    return;
  }
  const { bytes, stretches } = found;
  const start = 4 + u32At(bytes, 0);
  const labels = bytes.length < 4 || start >= bytes.length ? [] : await exifLabels(bytes.subarray(start), (stretches[0]?.start ?? 0) + start);
  for (const label of labels) {
    search.slots.push({ key: LABEL_KEY, site: `${site}/${label.site}`, isGuidePlace: false, value: label.value });
    search.exif.push({ ...label, isWhole: stretches.length === 1 });
  }
};
