// Photoshop's image resources in APP13 (Adobe Photoshop File Formats Specification, "Image Resource Blocks"), where IPTC lives.
import type { JpegSegment } from '@aigc-label/containers';
import { ascii, type ByteRange, type ByteSource, latin1, startsWith, u32At } from '@aigc-label/core';
import { addCarrier } from './content-parts.ts';
import type { JpegCarrier } from './jpeg-carriers.ts';
import { isMetadataResource } from './photoshop-metadata.ts';

const APP13 = 0xed;
const SIGNATURE = ascii('Photoshop 3.0\0');

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
