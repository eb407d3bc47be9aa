// Raw files that are not shaped like TIFF: where their XMP stands, as exiftool's FujiFilm.pm, Canon.pm and MinoltaRaw.pm document it.
import { isJpegXmp, readJpegStructure, readJpegXmp, XMP_LIMIT_BYTES, xmpSlots } from '@aigc-label/containers';
import { type Anomaly, ascii, type ByteSource, damaged, latin1, type Slot, startsWith, TC260_XMP, u32At } from '@aigc-label/core';
import { jpeg } from '../formats/jpeg.ts';
import { surveyTiff } from '../tiff/survey.ts';
import { partOfSource } from './part-of-source.ts';

/** Fujifilm, Canon since 2018, Minolta. */
export type CameraKind = 'raf' | 'cr3' | 'mrw';

/** What was found in such a file. */
export interface CameraFile {
  readonly kind: CameraKind;
  /** The packet that carries the label, or will. */
  readonly packet?: Uint8Array;
  readonly slots: readonly Slot[];
  readonly anomalies: readonly Anomaly[];
}

const RAF = ascii('FUJIFILMCCD-RAW ');
const MRW = ascii('\0MRM');
const CR3 = ascii('ftypcrx ');
/** The box of XMP (XMP part 3 §1.1.4, MPEG-4). */
const XMP_UUID: Uint8Array = Uint8Array.of(0xbe, 0x7a, 0xcf, 0xcb, 0x97, 0xa9, 0x42, 0xe8, 0x9c, 0x71, 0x99, 0x94, 0x91, 0xe3, 0xaf, 0xac);

const RAF_HEADER_BYTES = 0x94;
/** Boxes of the first level, or blocks of an MRW; real files have up to ten. */
const MAXIMUM_PARTS = 64;

/** Which of them begins so. */
export const cameraKindOf = (head: Uint8Array): CameraKind | undefined => {
  if (startsWith(head, RAF)) {
    return 'raf';
  }
  return startsWith(head, MRW) ? 'mrw' : startsWith(head, CR3, 4) ? 'cr3' : undefined;
};

/** Reads it. Throws `LabelError` `FILE_DAMAGED` where its header is cut short. */
export const readCameraFile = async (source: ByteSource, kind: CameraKind): Promise<CameraFile> =>
  kind === 'raf' ? readRaf(source) : kind === 'cr3' ? readCr3(source) : readMrw(source);

/** Fujifilm: the label is in the JPEG that stands behind the header. */
const readRaf = async (source: ByteSource): Promise<CameraFile> => {
  if (source.size < RAF_HEADER_BYTES) {
    throw damaged('raf', source.size, 'its header is cut short');
  }
  const header = await source.read(0, RAF_HEADER_BYTES);
  const preview = partOfSource(source, u32At(header, 0x54), u32At(header, 0x58));
  if (preview.size < 4 || !jpeg.matches(await preview.read(0, 4))) {
    return {
      kind: 'raf',
      slots: [],
      anomalies: [{ code: 'damaged', site: 'raf', offset: 0x54, detail: 'there is no JPEG where the header says so' }],
    };
  }
  const { found, anomalies } = await jpeg.read(preview);
  const segment = (await readJpegStructure(preview)).segments.find(isJpegXmp);
  return {
    kind: 'raf',
    ...(segment === undefined ? {} : { packet: await readJpegXmp(preview, segment) }),
    slots: found.map((slot) => ({ ...slot, site: `raf/${slot.site}` })),
    // The end of the preview is not the end of the file; its padding is no junk.
    anomalies: anomalies.filter(({ code }) => code !== 'trailing_data').map((anomaly) => ({ ...anomaly, site: `raf/${anomaly.site}` })),
  };
};

/** Canon: a box of XMP on the first level. */
const readCr3 = async (source: ByteSource): Promise<CameraFile> => {
  const slots: Slot[] = [];
  const anomalies: Anomaly[] = [];
  let packet: Uint8Array | undefined;
  let at = 0;
  for (let parts = 0; at + 8 <= source.size; parts += 1) {
    const header = await source.read(at, Math.min(32, source.size - at));
    const small = u32At(header, 0);
    const size = small === 1 ? u32At(header, 8) * 2 ** 32 + u32At(header, 12) : small === 0 ? source.size - at : small;
    const headerBytes = small === 1 ? 16 : 8;
    if (parts >= MAXIMUM_PARTS || size < headerBytes || at + size > source.size) {
      const code = parts >= MAXIMUM_PARTS ? 'limit' : at + size > source.size ? 'truncated' : 'damaged';
      anomalies.push({ code, site: 'cr3', offset: at, detail: `box "${printable(header.subarray(4, 8))}" of ${size} bytes` });
      break;
    }
    const dataAt = at + headerBytes + XMP_UUID.length;
    if (latin1(header.subarray(4, 8)) === 'uuid' && startsWith(header, XMP_UUID, headerBytes) && dataAt <= at + size) {
      const length = at + size - dataAt;
      if (length > XMP_LIMIT_BYTES || packet !== undefined) {
        const code = packet === undefined ? 'limit' : 'duplicate_structure';
        anomalies.push({ code, site: 'cr3/uuid[XMP]', offset: at, detail: `a box of XMP with ${length} bytes` });
      } else {
        packet = await source.read(dataAt, length);
        const read = xmpSlots(packet, TC260_XMP, { site: 'cr3/uuid[XMP]', isPlace: true, offset: at });
        slots.push(...read.slots);
        anomalies.push(...read.anomalies);
      }
    }
    at += size;
  }
  return { kind: 'cr3', ...(packet === undefined ? {} : { packet }), slots, anomalies };
};

/** Minolta: a block with a TIFF in it. */
const readMrw = async (source: ByteSource): Promise<CameraFile> => {
  const end = 8 + (source.size < 8 ? 0 : u32At(await source.read(4, 4), 0));
  for (let at = 8, parts = 0; at + 8 <= Math.min(end, source.size) && parts < MAXIMUM_PARTS; parts += 1) {
    const header = await source.read(at, 8);
    const length = u32At(header, 4);
    if (latin1(header.subarray(0, 4)) === '\0TTW') {
      const { packets, slots, anomalies } = await surveyTiff(partOfSource(source, at + 8, length));
      const packet = packets.find(({ isPlace }) => isPlace)?.bytes;
      return {
        kind: 'mrw',
        ...(packet === undefined ? {} : { packet }),
        slots: slots.map((slot) => ({ ...slot, site: `mrw/${slot.site}`, isGuidePlace: /\/ifd0\[700\]\/TC260:AIGC$/.test(slot.site) })),
        anomalies: anomalies.map((anomaly) => ({ ...anomaly, site: `mrw/${anomaly.site}` })),
      };
    }
    at += 8 + length;
  }
  return { kind: 'mrw', slots: [], anomalies: [{ code: 'damaged', site: 'mrw', offset: 8, detail: 'there is no block TTW' }] };
};

const printable = (bytes: Uint8Array): string => latin1(bytes).replaceAll(/[^\x20-\x7e]/g, '?');
