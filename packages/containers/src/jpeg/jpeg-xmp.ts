import { type Anomaly, ascii, type ByteSource, concat, fromUtf8, LabelError, latin1, startsWith, u16be, viewOf } from '@aigc-label/core';
import { md5 } from '../md5.ts';
import type { JpegSegment } from './jpeg-segments.ts';

const APP1 = 0xe1;
const XMP_SIGNATURE = ascii('http://ns.adobe.com/xap/1.0/\0');
const EXTENSION_SIGNATURE = ascii('http://ns.adobe.com/xmp/extension/\0');
/** GUID, full length, offset (XMP part 3 §1.1.3.1). */
const EXTENSION_HEADER_BYTES = 35 + 32 + 8;

/** The most that a packet may have in one APP1 segment (XMP part 3 §1.1.3). */
export const JPEG_XMP_LIMIT_BYTES: number = 65_502;

/** Extended XMP that is put together; depth maps and gain maps make it large, labels do not. */
const MAXIMUM_EXTENDED_BYTES = 4 << 20;

/** Whether a segment holds a (main) XMP packet. */
export const isJpegXmp = ({ marker, head }: JpegSegment): boolean => marker === APP1 && startsWith(head, XMP_SIGNATURE);

/** Whether a segment holds a part of extended XMP. */
export const isJpegExtendedXmp = ({ marker, head }: JpegSegment): boolean => marker === APP1 && startsWith(head, EXTENSION_SIGNATURE);

/** Whether a segment holds Exif. */
export const isJpegExif = ({ marker, head }: JpegSegment): boolean => marker === APP1 && startsWith(head, ascii('Exif\0'));

/** The packet of an XMP segment, at most 64 KiB. */
export const readJpegXmp = async (source: ByteSource, { dataStart, end }: JpegSegment): Promise<Uint8Array> =>
  source.read(dataStart + XMP_SIGNATURE.length, Math.max(0, end - dataStart - XMP_SIGNATURE.length));

/** What follows the marker of an XMP segment: length, signature, packet. Throws `LabelError` `CARRIER_FULL` where the length field cannot say how long it is. */
export const encodeJpegXmp = (packet: Uint8Array): Uint8Array => {
  const length = 2 + XMP_SIGNATURE.length + packet.length;
  if (length > 0xffff) {
    throw new LabelError('CARRIER_FULL', `An APP1 segment cannot hold ${packet.length} bytes of XMP; move other XMP out of the file and try again.`, {
      data: { length },
    });
  }
  return concat(u16be(length), XMP_SIGNATURE, packet);
};

/** Extended XMP that was put together. */
export interface JpegExtendedXmp {
  readonly guid: string;
  readonly packet: Uint8Array;
}

/** Whether a packet is what its GUID, the MD5 of it in hexadecimal digits, says (XMP part 3 §1.1.3.1). */
export const hasTrueGuid = ({ guid, packet }: JpegExtendedXmp): boolean =>
  Array.from(md5(packet), (byte) => byte.toString(16).padStart(2, '0')).join('') === guid.toLowerCase();

/** Extended XMP, by GUID, put together from its parts; what has gaps, overlaps or is too large is an anomaly instead (XMP part 3 §1.1.3.1). */
export const readJpegExtendedXmp = async (
  source: ByteSource,
  segments: readonly JpegSegment[],
): Promise<{ readonly packets: readonly JpegExtendedXmp[]; readonly anomalies: readonly Anomaly[] }> => {
  const parts = new Map<string, { readonly full: number; readonly offset: number; readonly segment: JpegSegment }[]>();
  const anomalies: Anomaly[] = [];
  const site = 'jpeg/APP1[extended XMP]';
  for (const segment of segments.filter(isJpegExtendedXmp)) {
    if (segment.end - segment.dataStart < EXTENSION_HEADER_BYTES) {
      anomalies.push({ code: 'damaged', site, offset: segment.start, detail: 'the segment is shorter than its header' });
      continue;
    }
    const header = await source.read(segment.dataStart + EXTENSION_SIGNATURE.length, 40);
    const guid = latin1(header.subarray(0, 32));
    const list = parts.get(guid) ?? [];
    list.push({ full: viewOf(header).getUint32(32), offset: viewOf(header).getUint32(36), segment });
    parts.set(guid, list);
  }
  const packets: JpegExtendedXmp[] = [];
  let budget = MAXIMUM_EXTENDED_BYTES;
  for (const [guid, list] of parts) {
    const full = list[0]?.full ?? 0;
    const ordered = list.toSorted((a, b) => a.offset - b.offset);
    let expected = 0;
    const isWhole = ordered.every((part) => {
      const fits = part.full === full && part.offset === expected;
      expected += part.segment.end - part.segment.dataStart - EXTENSION_HEADER_BYTES;
      return fits;
    });
    const offset = list[0]?.segment.start ?? 0;
    if (!isWhole || expected !== full) {
      anomalies.push({ code: 'damaged', site, offset, detail: `the parts of the extended XMP do not make up its ${full} bytes` });
    } else if (full > budget) {
      anomalies.push({ code: 'limit', site, offset, detail: `extended XMP of ${full} bytes; at most ${MAXIMUM_EXTENDED_BYTES} are read` });
    } else {
      budget -= full;
      const read: Uint8Array[] = [];
      for (const { segment } of ordered) {
        const start = segment.dataStart + EXTENSION_HEADER_BYTES;
        read.push(await source.read(start, segment.end - start));
      }
      packets.push({ guid, packet: concat(...read) });
    }
  }
  return { packets, anomalies };
};

/** Whether a large packet can hold a name at all, before it is parsed. */
export const mentions = (packet: Uint8Array, name: string): boolean => (fromUtf8(packet) ?? latin1(packet)).includes(name);
