// Photoshop's image resources in APP13 (Adobe Photoshop File Formats Specification, "Image Resource Blocks"), where IPTC lives.
import type { JpegSegment } from '@aigc-label/containers';
import { ascii, type ByteRange, type ByteSource, latin1, startsWith, u32At } from '@aigc-label/core';
import { addCarrier } from './content-parts.ts';
import type { JpegCarrier } from './jpeg-carriers.ts';

const APP13 = 0xed;
const SIGNATURE = ascii('Photoshop 3.0\0');
const IPTC = 1028;
const IPTC_DIGEST = 1061;
const DIGEST_BYTES = 16;

/** Whether a segment holds resources of Photoshop. */
export const isPhotoshopSegment = ({ marker, head }: JpegSegment): boolean => marker === APP13 && startsWith(head, SIGNATURE);

/** The segment without the resources that are content; `undefined` where it holds anything but resources, to the byte. */
export const photoshopCarrier = async (source: ByteSource, { start, dataStart, end }: JpegSegment): Promise<JpegCarrier | undefined> => {
  const first = dataStart + SIGNATURE.length;
  const bytes = await source.read(first, end - first);
  const ranges: ByteRange[] = [{ start, end: first }];
  const content: ByteRange[] = [];
  for (let at = 0; at < bytes.length; ) {
    // A Pascal string: its length, its bytes, and one more where both are odd together.
    const sizeAt = at + 6 + (((bytes[at + 6] ?? 0) + 2) & ~1);
    const sizeBytes = u32At(bytes, sizeAt);
    const next = sizeAt + 4 + sizeBytes + (sizeBytes & 1);
    if (latin1(bytes.subarray(at, at + 4)) !== '8BIM' || next > bytes.length) {
      return undefined;
    }
    const range = { start: first + at, end: first + next };
    if (isMetadataResource(u32At(bytes, at + 4) >>> 16, bytes.subarray(sizeAt + 4, sizeAt + 4 + sizeBytes))) {
      addCarrier(ranges, range);
    } else {
      content.push(range);
    }
    at = next;
  }
  return { ranges, content };
};

/** IPTC, and the digest by which programs see that it was changed. Paths, resolution, profiles and what else stands among the resources is content. */
export const isMetadataResource = (id: number, data: Uint8Array): boolean =>
  (id === IPTC && isIptc(data)) || (id === IPTC_DIGEST && data.length === DIGEST_BYTES);

/** Data sets of IPTC-IIM 4.2 §1.5 to the byte, save zeros at the end. */
const isIptc = (data: Uint8Array): boolean => {
  let at = 0;
  while (data[at] === 0x1c) {
    const size = (data[at + 3] ?? 0x80) * 256 + (data[at + 4] ?? 0);
    if (size >= 0x8000 || at + 5 + size > data.length) {
      return false;
    }
    at += 5 + size;
  }
  return data.subarray(at).every((byte) => byte === 0);
};
