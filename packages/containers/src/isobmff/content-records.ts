import { concat } from '@aigc-label/core';
import { type Box, contentOf, contentSize, setU64 } from './box.ts';
import type { Stretch } from './content-places.ts';

/** Something that is covered: bytes of the file, a value, or a table whose offsets are normalised once all carriers are known. */
export type Covered = Stretch | Uint8Array | { readonly table: Box; readonly kind: 'chunkOffsets' | 'auxiliaryOffsets' | 'itemLocations' };

const fourBytes = (type: string): Uint8Array => Uint8Array.from(type, (character) => character.charCodeAt(0));

/** A number of 64 bits, most significant byte first. */
export const u64be = (value: number): Uint8Array => {
  const bytes = new Uint8Array(8);
  setU64(bytes, 0, value);
  return bytes;
};

/** A box that holds boxes: `(`, its type, what is covered in it, `)`. */
export const record = (type: string, children: readonly Covered[]): readonly Covered[] => [opening(type), ...children, CLOSING];

/** The beginning of a box that holds boxes. */
export const opening = (type: string): Uint8Array => concat(Uint8Array.of(0x28), fourBytes(type));

/** Its end. */
export const CLOSING: Uint8Array = Uint8Array.of(0x29);

/** A box that is covered as it stands: `.`, its type, the length of its content (with the user type of a `uuid` box), the content. How the header says its size is not covered. */
export const leaf = (box: Box): readonly Covered[] => {
  const start = contentOf(box) - (box.type === 'uuid' ? Math.min(16, box.headerSize - 8) : 0);
  return [leafHead(box.type, box.end - start), { start, end: box.end }];
};

/** The beginning of such a record. */
export const leafHead = (type: string, length: number): Uint8Array => concat(Uint8Array.of(0x2e), fourBytes(type), u64be(length));

/** Bytes that are no box: `?`, their number, they themselves. */
export const noBox = ({ start, end }: Stretch): readonly Covered[] => [concat(Uint8Array.of(0x3f), u64be(end - start)), { start, end }];

/** A box with a part left out: `.`, its type, the length of all of it, and the rest of it. */
export const leafWithout = (box: Box, gap: Stretch): readonly Covered[] => [
  leafHead(box.type, contentSize(box)),
  { start: contentOf(box), end: gap.start },
  { start: gap.end, end: box.end },
];
