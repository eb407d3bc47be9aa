// Extended headers: id3v2.3.0 §3.2, id3v2.4.0-structure §3.2.
import { viewOf } from '@aigc-label/core';
import { fromSyncsafe, type Id3Header } from './header.ts';
import type { TagBytes } from './tag-bytes.ts';

/** What an extended header asks of whoever edits the tag. */
export interface ExtendedHeader {
  /** Bytes it takes in all. */
  readonly sizeBytes: number;
  readonly hasChecksum: boolean;
  /** The byte of restrictions (2.4), where there is one. */
  readonly restrictions: number | undefined;
}

/** No extended header. */
export const NO_EXTENDED_HEADER: ExtendedHeader = { sizeBytes: 0, hasChecksum: false, restrictions: undefined };

/** The extended header at the start of a tag, or `undefined` where it contradicts itself. */
export const readExtendedHeader = async (bytes: TagBytes, header: Id3Header): Promise<ExtendedHeader | undefined> => {
  if (!header.hasExtendedHeader) {
    return NO_EXTENDED_HEADER;
  }
  const head = await bytes.read(0, Math.min(bytes.size, LONGEST));
  const parsed = header.version === 3 ? parseVersion3(head) : parseVersion4(head);
  return parsed !== undefined && parsed.sizeBytes <= bytes.size ? parsed : undefined;
};

// 2.4: size 4, count 1, flags 1, update 1, CRC 1 + 5, restrictions 1 + 1.
const LONGEST = 15;

const parseVersion3 = (head: Uint8Array): ExtendedHeader | undefined => {
  if (head.length < 10) {
    return undefined;
  }
  const announced = viewOf(head).getUint32(0);
  const hasChecksum = ((head[4] ?? 0) & 0x80) !== 0;
  // The size leaves itself out: flags and padding size, and the CRC where there is one.
  return announced === (hasChecksum ? 10 : 6) ? { sizeBytes: announced + 4, hasChecksum, restrictions: undefined } : undefined;
};

const parseVersion4 = (head: Uint8Array): ExtendedHeader | undefined => {
  const sizeBytes = fromSyncsafe(head.subarray(0, 4));
  const flags = head[5];
  if (head.length < 6 || sizeBytes === undefined || head[4] !== 1 || flags === undefined || (flags & 0x8f) !== 0) {
    return undefined;
  }
  const hasChecksum = (flags & 0x20) !== 0;
  const hasRestrictions = (flags & 0x10) !== 0;
  const expected = 6 + ((flags & 0x40) !== 0 ? 1 : 0) + (hasChecksum ? 6 : 0) + (hasRestrictions ? 2 : 0);
  return sizeBytes === expected ? { sizeBytes, hasChecksum, restrictions: hasRestrictions ? head[expected - 1] : undefined } : undefined;
};
