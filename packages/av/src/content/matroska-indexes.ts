// SeekHead and Cues: what is right in a SeekHead says nothing new; positions in Cues count from the first Cluster (spec/content/video.md §2).
import { EBML_ID, type EbmlElement, type EbmlNode, type EbmlSegment, parseTree, uintOf } from '@aigc-label/containers';
import { type ContentSheet, cover, coverAll, leaveOut, tell, valueLine } from './content-sheet.ts';
import { countOf, type LeafFate, treeContent } from './ebml-tree-content.ts';

const MASTERS: ReadonlySet<number> = new Set([
  ...[EBML_ID.seekHead, EBML_ID.seek, EBML_ID.cues, EBML_ID.cuePoint, EBML_ID.cueTrackPositions, EBML_ID.cueReference],
]);

const POSITIONS: ReadonlySet<number> = new Set([EBML_ID.cueClusterPosition, EBML_ID.cueCodecState, EBML_ID.cueRefCluster, EBML_ID.cueRefCodecState]);

/** Of these 0 means that there is none (RFC 9559 §5.1.5.1.2.6). */
const ZERO_IS_NONE: ReadonlySet<number> = new Set([EBML_ID.cueCodecState, EBML_ID.cueRefCodecState]);

/** Puts a SeekHead or Cues on the sheet. @throws LabelError `FILE_DAMAGED` where its checksum is wrong. */
export const indexContent = (
  bytes: Uint8Array,
  {
    element,
    name,
    segment,
    budget,
  }: { readonly element: EbmlElement; readonly name: string; readonly segment: EbmlSegment; readonly budget: { nodes: number } },
  sheet: ContentSheet,
): void => {
  const { roots, problem } = parseTree(bytes, MASTERS, budget.nodes);
  budget.nodes -= countOf(roots);
  if (problem !== undefined) {
    cover(sheet, name, { start: element.start, end: element.end });
    return;
  }
  const origin = (segment.firstCluster?.start ?? segment.dataStart) - segment.dataStart;
  const idAt = idsOf(segment);
  const content = treeContent(
    bytes,
    element.start,
    roots,
    (leaf, parents): LeafFate => {
      const parent = parents.at(-1);
      if (parent?.id === EBML_ID.seek) {
        return isTrueEntry(bytes, parent, segment.dataStart, idAt)
          ? 'derived'
          : leaf.id === EBML_ID.seekPosition
            ? positionLine(bytes, leaf, origin)
            : 'covered';
      }
      return POSITIONS.has(leaf.id) ? positionLine(bytes, leaf, origin) : 'covered';
    },
    'refused',
  );
  coverAll(sheet, name, content.pieces);
  leaveOut(sheet, content.carriers);
  tell(sheet, content.anomalies);
};

/** What stands where in a Segment; made once, for a Segment may have as many SeekHeads as elements. */
const idsOf = (segment: EbmlSegment): ReadonlyMap<number, number> => {
  const known = ids.get(segment) ?? new Map(segment.elements.map(({ start, id }) => [start, id]));
  ids.set(segment, known);
  return known;
};
const ids = new WeakMap<EbmlSegment, ReadonlyMap<number, number>>();

const positionLine = (bytes: Uint8Array, { id, dataStart, end }: EbmlNode, origin: number): LeafFate => {
  const position = uintOf(bytes.subarray(dataStart, end));
  if (!Number.isSafeInteger(position)) {
    return 'covered';
  }
  return valueLine(id.toString(16), position === 0 && ZERO_IS_NONE.has(id) ? 'none' : position < origin ? `at ${position}` : position - origin);
};

/** An entry of one ID and one position that leads to where an element of this ID stands. */
const isTrueEntry = (bytes: Uint8Array, { children = [] }: EbmlNode, dataStart: number, idAt: ReadonlyMap<number, number>): boolean => {
  if (children.length !== 2) {
    return false;
  }
  const [id, position] = [EBML_ID.seekId, EBML_ID.seekPosition].map((wanted) => children.filter((child) => child.id === wanted));
  if (id?.length !== 1 || position?.length !== 1) {
    return false;
  }
  const numberOf = ([node]: readonly EbmlNode[]): number => uintOf(bytes.subarray(node?.dataStart, node?.end));
  return idAt.get(dataStart + numberOf(position)) === numberOf(id);
};
