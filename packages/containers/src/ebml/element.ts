// Elements of EBML: RFC 8794 §4 (variable-size integers), §5 (Element ID), §6 (Element Data Size), §11.3 (global elements).
import { concat, u32le } from '@aigc-label/core';
import { crc32 } from '../png/crc32.ts';

/** The longest header in bytes: an ID of four and a size of eight. */
export const MAXIMUM_ELEMENT_HEADER_BYTES: number = 12;

/** IDs of RFC 8794 §11 and RFC 9559 §5.1 that are looked for, with the marker bits that belong to them. */
export const EBML_ID = {
  ebml: 0x1a45dfa3,
  docType: 0x4282,
  maxIdLength: 0x42f2,
  maxSizeLength: 0x42f3,
  void: 0xec,
  crc32: 0xbf,
  segment: 0x18538067,
  seekHead: 0x114d9b74,
  seek: 0x4dbb,
  seekId: 0x53ab,
  seekPosition: 0x53ac,
  info: 0x1549a966,
  tracks: 0x1654ae6b,
  cluster: 0x1f43b675,
  clusterPosition: 0xa7,
  cues: 0x1c53bb6b,
  cuePoint: 0xbb,
  cueTrackPositions: 0xb7,
  cueClusterPosition: 0xf1,
  cueCodecState: 0xea,
  cueReference: 0xdb,
  cueRefCluster: 0x97,
  cueRefCodecState: 0xeb,
  attachments: 0x1941a469,
  chapters: 0x1043a770,
  tags: 0x1254c367,
  tag: 0x7373,
  targets: 0x63c0,
  tagTrackUid: 0x63c5,
  tagEditionUid: 0x63c9,
  tagChapterUid: 0x63c4,
  tagAttachmentUid: 0x63c6,
  simpleTag: 0x67c8,
  tagName: 0x45a3,
  tagLanguage: 0x447a,
  tagLanguageBcp47: 0x447b,
  tagString: 0x4487,
  tagBinary: 0x4485,
} as const satisfies Readonly<Record<string, number>> as Readonly<Record<EbmlName, number>>;

type EbmlName =
  | ('ebml' | 'docType' | 'maxIdLength' | 'maxSizeLength' | 'void' | 'crc32')
  | ('segment' | 'seekHead' | 'seek' | 'seekId' | 'seekPosition' | 'info' | 'tracks' | 'cluster' | 'clusterPosition' | 'attachments' | 'chapters')
  | ('cues' | 'cuePoint' | 'cueTrackPositions' | 'cueClusterPosition' | 'cueCodecState' | 'cueReference' | 'cueRefCluster' | 'cueRefCodecState')
  | ('tags' | 'tag' | 'targets' | 'tagTrackUid' | 'tagEditionUid' | 'tagChapterUid' | 'tagAttachmentUid')
  | ('simpleTag' | 'tagName' | 'tagLanguage' | 'tagLanguageBcp47' | 'tagString' | 'tagBinary');

/** The header of an element. */
export interface ElementHeader {
  readonly id: number;
  /** The header in bytes. */
  readonly headerBytes: number;
  /** The size field in bytes. */
  readonly sizeWidth: number;
  /** The data in bytes; `undefined` where the size is unknown (§6.2). */
  readonly sizeBytes: number | undefined;
}

/** The header at `at`; `undefined` where there is none, or not all of it. */
export const parseElementHeader = (bytes: Uint8Array, at: number): ElementHeader | undefined => {
  const idWidth = vintWidth(bytes[at]);
  const sizeAt = at + idWidth;
  const sizeWidth = vintWidth(bytes[sizeAt]);
  if (idWidth === 0 || idWidth > 4 || sizeWidth === 0 || sizeAt + sizeWidth > bytes.length) {
    return undefined;
  }
  const marker = 1 << (8 - sizeWidth);
  const first = (bytes[sizeAt] ?? 0) & (marker - 1);
  let sizeBytes = first;
  let isUnknown = first === marker - 1;
  for (let index = 1; index < sizeWidth; index += 1) {
    const byte = bytes[sizeAt + index] ?? 0;
    sizeBytes = sizeBytes * 256 + byte;
    isUnknown &&= byte === 0xff;
  }
  return {
    id: uintOf(bytes.subarray(at, sizeAt)),
    headerBytes: idWidth + sizeWidth,
    sizeWidth,
    sizeBytes: isUnknown ? undefined : sizeBytes,
  };
};

// The number of leading zero bits, plus one; 0 where the byte is missing or holds no marker.
const vintWidth = (byte: number | undefined): number => (byte === undefined || byte === 0 ? 0 : Math.clz32(byte) - 23);

/** An unsigned integer, most significant byte first (§7.2); inexact beyond 2^53. */
export const uintOf = (bytes: Uint8Array): number => {
  let value = 0;
  for (const byte of bytes) {
    value = value * 256 + byte;
  }
  return value;
};

/** An unsigned integer in exactly `width` bytes; throws `RangeError` where it does not fit. */
export const uintBytes = (value: number, width: number): Uint8Array => {
  const bytes = new Uint8Array(width);
  let rest = value;
  for (let index = width - 1; index >= 0; index -= 1) {
    bytes[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  if (rest !== 0) {
    throw new RangeError(`${value} does not fit ${width} bytes`);
  }
  return bytes;
};

/** The fewest bytes that hold an unsigned integer. */
export const uintWidth = (value: number): number => {
  let width = 1;
  while (width < 8 && value >= 256 ** width) {
    width += 1;
  }
  return width;
};

/** The fewest bytes in which this many bytes can be announced; all ones are reserved for the unknown size. */
export const sizeWidthOf = (sizeBytes: number): number => {
  let width = 1;
  while (width < 8 && sizeBytes > 2 ** (7 * width) - 2) {
    width += 1;
  }
  return width;
};

/** A size field of `width` bytes. */
export const sizeField = (sizeBytes: number, width: number): Uint8Array => {
  const bytes = uintBytes(sizeBytes, width);
  bytes[0] = (bytes[0] ?? 0) | (1 << (8 - width));
  return bytes;
};

/** An element around its data; the size field has at least `sizeWidth` bytes. */
export const elementBytes = (id: number, data: Uint8Array, sizeWidth = 1): Uint8Array =>
  concat(uintBytes(id, uintWidth(id)), sizeField(data.length, Math.max(sizeWidth, sizeWidthOf(data.length))), data);

/** The header of a Void of `totalBytes` in all, at least 2. */
export const voidHeader = (totalBytes: number): Uint8Array => {
  let width = 1;
  while (width < 8 && sizeWidthOf(totalBytes - 1 - width) > width) {
    width += 1;
  }
  return Uint8Array.of(EBML_ID.void, ...sizeField(totalBytes - 1 - width, width));
};

/** A Void of `totalBytes` in all, at least 2; its data is zero. */
export const voidBytes = (totalBytes: number): Uint8Array => {
  const bytes = new Uint8Array(totalBytes);
  bytes.set(voidHeader(totalBytes));
  return bytes;
};

/** A CRC-32 element over the data that follows it in its parent (RFC 8794 §11.3.1). */
export const crcElement = (data: Uint8Array): Uint8Array => elementBytes(EBML_ID.crc32, u32le(crc32(data)));
