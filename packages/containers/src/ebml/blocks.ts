// Blocks of a Cluster: RFC 9559 §5.1.3 (elements), §10 (block structure).
import { type ByteSource, damaged } from '@aigc-label/core';
import type { EbmlElement } from './document.ts';
import { EBML_ID, MAXIMUM_ELEMENT_HEADER_BYTES, parseElementHeader, uintOf } from './element.ts';

/** IDs of RFC 9559 §5.1.3 inside a Cluster. */
export const CLUSTER_ID = {
  timestamp: 0xe7,
  previousSize: 0xab,
  simpleBlock: 0xa3,
  blockGroup: 0xa0,
  block: 0xa1,
  blockDuration: 0x9b,
  referenceBlock: 0xfb,
} as const satisfies Readonly<Record<string, number>> as Readonly<
  Record<'timestamp' | 'previousSize' | 'simpleBlock' | 'blockGroup' | 'block' | 'blockDuration' | 'referenceBlock', number>
>;

/** The most bytes that stand before the frame of a block: its header, track number, time and flags. */
const BLOCK_HEAD_BYTES = MAXIMUM_ELEMENT_HEADER_BYTES + 8 + 3;

/** A block with one frame, or several. */
export interface EbmlBlock {
  readonly track: number;
  /** Against the time of the Cluster, in ticks. */
  readonly time: number;
  readonly flags: number;
  readonly isKey: boolean;
  /** Where its frames stand. */
  readonly frameStart: number;
  readonly frameEnd: number;
  readonly isGroup: boolean;
  /** Of a group, in ticks. */
  readonly duration?: number;
  /** Whether it is one frame, with nothing besides that belongs to it but its duration and references. */
  readonly isPlain: boolean;
}

/** A child of a Cluster. */
export interface ClusterChild {
  readonly element: EbmlElement;
  /** Of a SimpleBlock or BlockGroup. */
  readonly block?: EbmlBlock;
  /** Of a Timestamp, Position or PrevSize. */
  readonly value?: number;
}

/** The children of a Cluster in order, one after another. @throws LabelError `FILE_DAMAGED` where they do not fill it. */
export async function* clusterChildren(source: ByteSource, cluster: EbmlElement): AsyncGenerator<ClusterChild> {
  for (let at = cluster.dataStart; at < cluster.end; ) {
    const head = await source.read(at, Math.min(BLOCK_HEAD_BYTES, cluster.end - at));
    const element = elementAt(head, at, cluster.end);
    const { id, dataStart, end } = element;
    if (id === CLUSTER_ID.simpleBlock) {
      yield { element, block: { ...blockAt(head.subarray(dataStart - at), element), isGroup: false } };
    } else if (id === CLUSTER_ID.blockGroup) {
      yield { element, block: await groupAt(source, element) };
    } else if (id === CLUSTER_ID.timestamp || id === CLUSTER_ID.previousSize || id === EBML_ID.clusterPosition) {
      yield { element, value: uintOf(await source.read(dataStart, Math.min(8, end - dataStart))) };
    } else {
      yield { element };
    }
    at = end;
  }
}

const elementAt = (bytes: Uint8Array, at: number, limit: number): EbmlElement => {
  const header = parseElementHeader(bytes, 0);
  const dataStart = at + (header?.headerBytes ?? 0);
  const end = dataStart + (header?.sizeBytes ?? Number.POSITIVE_INFINITY);
  if (header === undefined || end > limit) {
    throw damaged('ebml/Segment/Cluster', at, 'an element does not fit its Cluster');
  }
  return { id: header.id, start: at, dataStart, end };
};

/** A block's own head (§10.1, §10.2): track number, time, flags. */
const blockAt = (bytes: Uint8Array, { dataStart, end }: EbmlElement): Omit<EbmlBlock, 'isGroup'> => {
  const width = Math.clz32(bytes[0] ?? 0) - 23;
  const frameStart = dataStart + width + 3;
  if (width < 1 || width > 8 || frameStart > end || bytes.length < width + 3) {
    throw damaged('ebml/Segment/Cluster', dataStart, 'a block has no head');
  }
  const track = uintOf(Uint8Array.of((bytes[0] ?? 0) & ((1 << (8 - width)) - 1), ...bytes.subarray(1, width)));
  const time = (((bytes[width] ?? 0) << 24) >> 16) | (bytes[width + 1] ?? 0);
  const flags = bytes[width + 2] ?? 0;
  return { track, time, flags, isKey: (flags & 0x80) !== 0, frameStart, frameEnd: end, isPlain: (flags & 0x06) === 0 };
};

const groupAt = async (source: ByteSource, group: EbmlElement): Promise<EbmlBlock> => {
  let block: Omit<EbmlBlock, 'isGroup'> | undefined;
  let [duration, isKey, isPlain]: [number | undefined, boolean, boolean] = [undefined, true, true];
  for (let at = group.dataStart; at < group.end; ) {
    const head = await source.read(at, Math.min(BLOCK_HEAD_BYTES, group.end - at));
    const element = elementAt(head, at, group.end);
    if (element.id === CLUSTER_ID.block) {
      isPlain &&= block === undefined;
      block = blockAt(head.subarray(element.dataStart - at), element);
    } else if (element.id === CLUSTER_ID.blockDuration) {
      duration = uintOf(await source.read(element.dataStart, Math.min(8, element.end - element.dataStart)));
    } else if (element.id === CLUSTER_ID.referenceBlock) {
      isKey = false;
    } else {
      isPlain &&= element.id === EBML_ID.void;
    }
    at = element.end;
  }
  if (block === undefined) {
    throw damaged('ebml/Segment/Cluster/BlockGroup', group.start, 'a group has no block');
  }
  return { ...block, isKey, isPlain: isPlain && block.isPlain, isGroup: true, ...(duration === undefined ? {} : { duration }) };
};
