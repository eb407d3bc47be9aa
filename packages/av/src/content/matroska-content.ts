// What of a Matroska or WebM file is content (spec/content/video.md §2).
import { EBML_ID, type EbmlElement, type EbmlSegment, parseTree, planningBudget, readEbmlDocument, uintOf } from '@aigc-label/containers';
import { allBut, type ByteRange, type ByteSource, type ContentPlan, joinedRanges, LabelError, viewOf } from '@aigc-label/core';
import { type ContentSheet, contentPlan, contentSheet, cover, coverAll, isZero, leaveOut, tell, valueLine } from './content-sheet.ts';
import { countOf, foreignVoid, type LeafFate, treeContent } from './ebml-tree-content.ts';
import { clusterPieces, endOfFrames } from './matroska-clusters.ts';
import { indexContent } from './matroska-indexes.ts';
import { attachmentFate, DURATION, infoFate, MASTERS, tagFate, trackFate } from './matroska-leaves.ts';

/** The longest element, Clusters aside, that is taken apart, in bytes; a longer one is covered as it stands. */
const MAXIMUM_ELEMENT_BYTES = 16 << 20;

/** Elements inside of those of one file, in all; what is behind them is covered as it stands. */
const MAXIMUM_NODES = 400_000;

/** Clusters of one file: days of a live recording, frame by frame. */
const MAXIMUM_CLUSTERS = 2_000_000;

/** In this order, wherever they stand: editors of metadata move them. */
const ORDER: ReadonlyMap<number, string> = new Map([
  [EBML_ID.info, 'Info'],
  [EBML_ID.tracks, 'Tracks'],
  [EBML_ID.chapters, 'Chapters'],
  [EBML_ID.attachments, 'Attachments'],
  [EBML_ID.seekHead, 'SeekHead'],
  [EBML_ID.cues, 'Cues'],
  [EBML_ID.tags, 'Tags'],
]);

/**
 * The content of a Matroska or WebM file: `matroska-1`.
 *
 * @throws LabelError `FILE_DAMAGED` or `FORMAT_UNSUPPORTED_FEATURE` as `readEbmlDocument`, `LIMIT_EXCEEDED` where it has too many Clusters.
 */
export const matroskaContent = async (source: ByteSource): Promise<ContentPlan> => {
  const clusters: EbmlElement[][] = [];
  let count = 0;
  const document = await readEbmlDocument(source, planningBudget(), (segment, cluster) => {
    count += 1;
    if (count > MAXIMUM_CLUSTERS) {
      throw new LabelError('LIMIT_EXCEEDED', `The file has more than ${MAXIMUM_CLUSTERS} clusters; remux it.`, {
        data: { site: 'ebml/Segment/Cluster', limit: MAXIMUM_CLUSTERS },
      });
    }
    clusters[segment] ??= [];
    clusters[segment].push(cluster);
  });
  const sheet = contentSheet();
  const budget = { nodes: MAXIMUM_NODES };
  cover(sheet, 'EBML', { start: 0, end: document.head.end });
  let end = document.head.end;
  for (const [index, segment] of document.segments.entries()) {
    cover(sheet, 'between', { start: end, end: segment.start });
    end = await segmentContent(source, { segment, budget, clusters: clusters[index] ?? [] }, sheet);
  }
  cover(sheet, 'rest', { start: end, end: source.size });
  return contentPlan('matroska-1', sheet);
};

interface SegmentParts {
  readonly segment: EbmlSegment;
  readonly budget: { nodes: number };
  readonly clusters: readonly EbmlElement[];
}

/** Puts a Segment on the sheet; where what could be followed of it ends. */
const segmentContent = async (source: ByteSource, { segment, budget, clusters }: SegmentParts, sheet: ContentSheet): Promise<number> => {
  const { dataStart, sizeBytes, elements } = segment;
  // How much is missing; nothing where it is whole, and -1 where the size is unknown.
  const end = Math.max(dataStart, elements.at(-1)?.end ?? 0, clusters.at(-1)?.end ?? 0);
  cover(sheet, 'Segment', valueLine(sizeBytes === undefined ? -1 : dataStart + sizeBytes - end));
  const others = elements.filter(({ id }) => id !== EBML_ID.cluster);
  const lastFrame = clusters.length === 0 ? undefined : await endOfFrames(source, clusters.at(-1) as EbmlElement);
  for (const [id, name] of ORDER) {
    for (const element of others.filter((one) => one.id === id)) {
      await elementContent(source, { element, name, segment, budget, lastFrame }, sheet);
    }
  }
  for (const element of others.filter(({ id }) => !ORDER.has(id))) {
    const { id, start, dataStart: from, end: to } = element;
    if (id === EBML_ID.void) {
      sheet.carriers.push({ start, end: to });
      if (!(await isZero(source, { start: from, end: to }))) {
        tell(sheet, [foreignVoid(start)]);
      }
    } else {
      cover(sheet, id.toString(16), { start, end: to });
    }
  }
  sheet.parts.push({ name: 'Clusters', pieces: () => clusterPieces(source, clusters, dataStart), isPerceived: true });
  return end;
};

interface ElementRequest {
  readonly element: EbmlElement;
  readonly name: string;
  readonly segment: EbmlSegment;
  readonly budget: { nodes: number };
  /** When the last frame begins, in ticks. */
  readonly lastFrame: number | undefined;
}

const elementContent = async (
  source: ByteSource,
  { element, name, segment, budget, lastFrame }: ElementRequest,
  sheet: ContentSheet,
): Promise<void> => {
  const { start, end } = element;
  if (end - start > MAXIMUM_ELEMENT_BYTES) {
    cover(sheet, name, { start, end });
    return;
  }
  const bytes = await source.read(start, end - start);
  if (element.id === EBML_ID.seekHead || element.id === EBML_ID.cues) {
    indexContent(bytes, { element, name, segment, budget }, sheet);
    return;
  }
  const { roots, problem } = parseTree(bytes, MASTERS, budget.nodes);
  budget.nodes -= countOf(roots);
  if (problem !== undefined) {
    cover(sheet, name, { start, end });
    return;
  }
  const isTags = element.id === EBML_ID.tags;
  const fates: Readonly<Record<string, Parameters<typeof treeContent>[3]>> = {
    Info: infoFate(bytes, isTrueDuration(bytes, roots[0]?.children ?? [], lastFrame)),
    Tracks: trackFate(bytes, roots),
    Attachments: attachmentFate(),
    Tags: tagFate(bytes, (leaf) => {
      tell(sheet, [{ site: 'ebml/Segment/Tags', offset: start + leaf.start, detail: 'what stands in the place of a label is no text' }]);
    }),
  };
  const content = treeContent(bytes, start, roots, fates[name] ?? ((): LeafFate => 'covered'), isTags ? 'carrier' : 'covered');
  coverAll(sheet, name, content.pieces);
  tell(sheet, content.anomalies);
  // Of Tags the frame goes with what is in it.
  const ranges = content.pieces.filter((piece): piece is ByteRange => !(piece instanceof Uint8Array));
  leaveOut(sheet, isTags ? allBut(start, end, joinedRanges(ranges)) : content.carriers);
};

const TIMESTAMP_SCALE = 0x2ad7b1;
const DEFAULT_SCALE = 1_000_000;

/** How much longer than the begin of the last frame a film may say that it is, in nanoseconds. */
const LONGEST_FRAME = 2e9;

const isTrueDuration = (
  bytes: Uint8Array,
  nodes: readonly { readonly id: number; readonly dataStart: number; readonly end: number }[],
  lastFrame: number | undefined,
): boolean => {
  const data = (id: number): Uint8Array | undefined => {
    const node = nodes.find((one) => one.id === id);
    return node === undefined ? undefined : bytes.subarray(node.dataStart, node.end);
  };
  const [duration, scale] = [data(DURATION), data(TIMESTAMP_SCALE)];
  if (lastFrame === undefined || duration === undefined || (duration.length !== 4 && duration.length !== 8)) {
    return false;
  }
  const ticks = duration.length === 4 ? viewOf(duration).getFloat32(0) : viewOf(duration).getFloat64(0);
  return ticks >= lastFrame && ticks - lastFrame <= LONGEST_FRAME / (scale === undefined ? DEFAULT_SCALE : uintOf(scale));
};
