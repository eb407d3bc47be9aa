// Elements of EBML without their sizes and checksums, which follow from the rest (spec/content/video.md §2).

import { EBML_ID, type EbmlNode } from '@aigc-label/containers';
import { type ByteRange, type ContentAnomaly, type ContentPiece, damaged } from '@aigc-label/core';
import { valueLine } from './content-sheet.ts';
import { crc32Of } from './ebml-checksum.ts';

/** What becomes of a leaf: left out as metadata, left out because it follows from something else, a value in its place, covered as it stands, or without the zeros in front of a number. */
export type LeafFate = 'carrier' | 'derived' | 'covered' | 'number' | Uint8Array;

/** What is covered of some elements, and what is left out. */
export interface TreeContent {
  readonly pieces: readonly ContentPiece[];
  readonly carriers: readonly ByteRange[];
  readonly anomalies: readonly ContentAnomaly[];
}

/**
 * The content of elements that are held in memory.
 *
 * @param start where `bytes` stand in the file. @param fateOf of each leaf but Void and CRC-32, with the masters around it, the innermost last.
 * @param wrongSum what becomes of a checksum that is wrong: those of an index, which labelling writes anew, are refused with `FILE_DAMAGED`.
 */
export const treeContent = (
  bytes: Uint8Array,
  start: number,
  roots: readonly EbmlNode[],
  fateOf: (leaf: EbmlNode, parents: readonly EbmlNode[]) => LeafFate,
  wrongSum: 'covered' | 'carrier' | 'refused' = 'covered',
): TreeContent => {
  const carriers: ByteRange[] = [];
  const anomalies: ContentAnomaly[] = [];
  const cover = ({ id, end }: EbmlNode, from: number): readonly ContentPiece[] => [
    valueLine(id.toString(16), end - from),
    { start: start + from, end: start + end },
  ];
  const firstDigit = ({ dataStart, end }: EbmlNode): number => {
    const zeros = bytes.subarray(dataStart, end).findIndex((byte) => byte !== 0);
    return zeros < 0 ? end : dataStart + zeros;
  };
  const pieces = (node: EbmlNode, parents: readonly EbmlNode[]): readonly ContentPiece[] => {
    const parent = parents.at(-1);
    if (node.children === undefined) {
      const isTrueSum = node.id === EBML_ID.crc32 && parent?.children?.[0] === node && isTrueChecksum(bytes, node, parent);
      const isWrongSum = node.id === EBML_ID.crc32 && !isTrueSum;
      if (isWrongSum && wrongSum === 'refused') {
        throw damaged('ebml/CRC-32', start + node.start, 'the checksum of an index is wrong');
      }
      const fate =
        node.id === EBML_ID.void ? 'carrier' : isTrueSum ? 'derived' : isWrongSum && wrongSum !== 'refused' ? wrongSum : fateOf(node, parents);
      if (node.id === EBML_ID.void && bytes.subarray(node.dataStart, node.end).some((byte) => byte !== 0)) {
        anomalies.push(foreignVoid(start + node.start));
      }
      if (fate === 'carrier') {
        carriers.push({ start: start + node.start, end: start + node.end });
      }
      return fate === 'covered'
        ? cover(node, node.dataStart)
        : fate === 'number'
          ? cover(node, firstDigit(node))
          : fate instanceof Uint8Array
            ? [fate]
            : [];
    }
    const inside = node.children.flatMap((child) => pieces(child, [...parents, node]));
    return inside.length === 0 ? [] : [valueLine(node.id.toString(16), '{'), ...inside, valueLine('}')];
  };
  return { pieces: roots.flatMap((root) => pieces(root, [])), carriers, anomalies };
};

/** RFC 8794 §11.3.1: over all that follows it in its parent. */
const isTrueChecksum = (bytes: Uint8Array, { dataStart, end }: EbmlNode, parent: EbmlNode): boolean => {
  const stored = bytes.subarray(dataStart, end);
  return stored.length === 4 && crc32Of(bytes.subarray(end, parent.end)).every((byte, index) => byte === stored[index]);
};

/** How many elements these are, with all inside. */
export const countOf = (nodes: readonly EbmlNode[]): number => nodes.reduce((total, { children = [] }) => total + 1 + countOf(children), 0);

/** Of padding that is none: labels may be written over it, and so it is not covered. */
export const foreignVoid = (offset: number): ContentAnomaly => ({ site: 'ebml/Void', offset, detail: 'a Void holds something' });
