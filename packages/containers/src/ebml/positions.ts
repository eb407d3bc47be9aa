// Positions in a Segment count from the first byte of its data: RFC 9559 §16; SeekHead §5.1.1, Cues §5.1.5.
import { type ByteSource, damaged, readBounded } from '@aigc-label/core';
import type { EbmlElement } from './document.ts';
import { EBML_ID, elementBytes, uintBytes, uintOf, uintWidth, voidBytes } from './element.ts';
import { type AddedElement, type EbmlNode, parseTree, rebuiltElement } from './tree.ts';

/** The longest SeekHead or Cues, in bytes, that is read to be edited: Cues of a day have about 2 MiB. */
export const MAXIMUM_INDEX_BYTES: number = 4 << 20;

const MASTERS: ReadonlySet<number> = new Set([
  EBML_ID.seekHead,
  EBML_ID.seek,
  EBML_ID.cues,
  EBML_ID.cuePoint,
  EBML_ID.cueTrackPositions,
  EBML_ID.cueReference,
]);

const POSITIONS: ReadonlySet<number> = new Set([
  EBML_ID.seekPosition,
  EBML_ID.cueClusterPosition,
  EBML_ID.cueCodecState,
  EBML_ID.cueRefCluster,
  EBML_ID.cueRefCodecState,
]);

/** Of these 0 means that there is none (RFC 9559 §5.1.5.1.2.6). */
const ZERO_IS_NONE: ReadonlySet<number> = new Set([EBML_ID.cueCodecState, EBML_ID.cueRefCodecState]);

/** An entry of a SeekHead. */
export interface SeekEntry {
  readonly node: EbmlNode;
  /** The ID of the element that it leads to. */
  readonly id: number;
  /** Bytes from the first of the Segment's data. */
  readonly position: number;
}

/** A SeekHead or Cues in memory. */
export interface EbmlIndex {
  readonly element: EbmlElement;
  readonly bytes: Uint8Array;
  readonly root: EbmlNode;
  /** Of a SeekHead. */
  readonly entries: readonly SeekEntry[];
  /** Whether it could be followed to its end. */
  readonly isSound: boolean;
}

/** Reads a SeekHead or Cues. Throws `LabelError` `LIMIT_EXCEEDED` where it is longer than `limitBytes` or has too many elements. */
export const readEbmlIndex = async (source: ByteSource, element: EbmlElement, limitBytes: number = MAXIMUM_INDEX_BYTES): Promise<EbmlIndex> => {
  const bytes = await readBounded(source, element.start, element.end - element.start, limitBytes, 'ebml/index');
  const { roots, problem } = parseTree(bytes, MASTERS);
  const [root] = roots;
  if (root === undefined) {
    throw damaged('ebml/index', element.start, 'an index has no header');
  }
  const entries = (root.children ?? []).flatMap((node): readonly SeekEntry[] => {
    const id = node.id === EBML_ID.seek ? node.children?.find((child) => child.id === EBML_ID.seekId) : undefined;
    const position = node.children?.find((child) => child.id === EBML_ID.seekPosition);
    return id === undefined || position === undefined ? [] : [{ node, id: numberOf(bytes, id), position: numberOf(bytes, position) }];
  });
  return { element, bytes, root, entries, isSound: problem === undefined };
};

const numberOf = (bytes: Uint8Array, { dataStart, end }: EbmlNode): number => uintOf(bytes.subarray(dataStart, Math.min(end, dataStart + 8)));

/** How an index is to change. */
export interface IndexEdit {
  /** Where a position of the Segment is afterwards. */
  readonly map?: (position: number) => number;
  /** Entries that lead nowhere any more, and whether their bytes become a Void instead. */
  readonly obsolete?: readonly SeekEntry[];
  readonly keepsLength?: boolean;
  /** An entry that is new. */
  readonly added?: AddedElement;
}

/** The whole index after an edit; a position that needs more bytes gets them. */
export const editedIndex = ({ element, bytes, root }: EbmlIndex, { map, obsolete = [], keepsLength = false, added }: IndexEdit): Uint8Array => {
  const replaced = new Map<EbmlNode, Uint8Array>();
  if (map !== undefined) {
    const open = [root];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const child of node.children ?? []) {
        open.push(child);
      }
      if (POSITIONS.has(node.id)) {
        const before = uintOf(bytes.subarray(node.dataStart, node.end));
        if (!Number.isSafeInteger(before)) {
          throw damaged('ebml/index', element.start + node.start, 'a position lies beyond any possible file');
        }
        const after = before === 0 && ZERO_IS_NONE.has(node.id) ? 0 : map(before);
        if (after !== before) {
          const width = Math.max(node.end - node.dataStart, uintWidth(after));
          replaced.set(node, elementBytes(node.id, uintBytes(after, width), node.sizeWidth));
        }
      }
    }
  }
  for (const { node } of obsolete) {
    replaced.set(node, keepsLength ? voidBytes(node.end - node.start) : new Uint8Array(0));
  }
  return replaced.size === 0 && added === undefined ? bytes : rebuiltElement(bytes, root, replaced, added);
};

/** An entry of a SeekHead, its position in `width` bytes. */
export const seekEntry = (id: number, position: number, width: number): Uint8Array => {
  const target = elementBytes(EBML_ID.seekId, uintBytes(id, 4));
  const where = elementBytes(EBML_ID.seekPosition, uintBytes(position, width));
  return elementBytes(EBML_ID.seek, Uint8Array.of(...target, ...where));
};
