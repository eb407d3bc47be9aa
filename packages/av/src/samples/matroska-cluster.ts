import {
  CLUSTER_ID,
  clusterChildren,
  crcOf,
  EBML_ID,
  type EbmlBlock,
  type EbmlElement,
  elementBytes,
  sizeField,
  sizeWidthOf,
  uintBytes,
  uintWidth,
} from '@aigc-label/containers';
import { type ByteSource, concat, type Piece, u32le } from '@aigc-label/core';
import type { NewSample } from './new-pictures.ts';
import { unfit } from './unfit.ts';

/** Of an element's data that is read at a time for a checksum, in bytes. */
const READ_BYTES = 1 << 20;

/** A picture in place of another. */
export interface NewBlock {
  readonly sample: NewSample;
  /** When it is shown, and when the one before it is, in ticks of the Segment. */
  readonly time: number;
  readonly before: number | undefined;
  /** Of a picture that is shown for a stated time. */
  readonly duration: number | undefined;
}

/** A Cluster that is made anew. */
export interface NewCluster {
  readonly cluster: EbmlElement;
  /** In bytes, with its header. */
  readonly size: number;
  /** Where each child that was kept or replaced stands now, against the first byte of the data; for CueRelativePosition. */
  readonly moved: ReadonlyMap<number, number>;
  /** Its bytes, once it is known where every position of the Segment is afterwards. */
  pieces(map: (position: number) => number): Promise<readonly Piece[]>;
}

/**
 * Lays a Cluster out with other pictures in it: all else keeps its bytes and its order; Position, PrevSize and CRC-32 follow.
 *
 * @param next gives the picture in place of the next one of the track, or `undefined` where that stays.
 * @param previousSize of the Cluster before it, where that changes.
 * @throws LabelError `NOTICE_UNSUPPORTED`, `FILE_DAMAGED`.
 */
export const newCluster = async (
  source: ByteSource,
  cluster: EbmlElement,
  track: number,
  next: () => NewBlock | undefined,
  previousSize: number | undefined,
): Promise<NewCluster> => {
  const parts: (Piece | 'position')[] = [];
  const moved = new Map<number, number>();
  let [time, size, position, positionWidth, hasChecksum] = [0, 0, 0, 0, false];
  for await (const { element, block, value } of clusterChildren(source, cluster)) {
    const length = element.end - element.start;
    const add = (piece: Piece | 'position', bytes: number): void => {
      parts.push(piece);
      size += bytes;
    };
    moved.set(element.start - cluster.dataStart, size);
    const other = block?.track === track ? next() : undefined;
    if (element.id === EBML_ID.crc32) {
      hasChecksum = true;
      moved.delete(element.start - cluster.dataStart);
    } else if (element.id === EBML_ID.clusterPosition && value !== undefined && value > 0) {
      position = value;
      positionWidth = element.end - element.dataStart;
      add('position', length);
    } else if (element.id === CLUSTER_ID.previousSize && previousSize !== undefined) {
      const bytes = elementBytes(
        CLUSTER_ID.previousSize,
        uintBytes(previousSize, Math.max(uintWidth(previousSize), element.end - element.dataStart)),
      );
      add(bytes, bytes.length);
    } else if (block !== undefined && other !== undefined) {
      const pieces = blockPieces(block, other, time);
      for (const piece of pieces) {
        add(piece, piece.length);
      }
    } else {
      time = element.id === CLUSTER_ID.timestamp ? (value ?? 0) : time;
      add({ source, offset: element.start, length }, length);
    }
  }
  const checksumBytes = hasChecksum ? 6 : 0;
  const header = await headerOf(source, cluster, size + checksumBytes);
  return {
    cluster,
    size: header.length + checksumBytes + size,
    moved: new Map([...moved].map(([before, after]) => [before, after + checksumBytes])),
    async pieces(map) {
      const pieces = parts.map((part): Piece => (part === 'position' ? positionElement(map(position), positionWidth) : part));
      return [header, ...(hasChecksum ? [elementBytes(EBML_ID.crc32, u32le(await checksumOf(pieces)))] : []), ...joined(pieces)];
    },
  };
};

const positionElement = (position: number, width: number): Uint8Array => {
  if (uintWidth(position) > width) {
    throw unfit('container', 'a cluster states its position in too few bytes');
  }
  return elementBytes(EBML_ID.clusterPosition, uintBytes(position, width));
};

/** The header of the Cluster; one of unknown size stays so. */
const headerOf = async (source: ByteSource, { start, dataStart }: EbmlElement, size: number): Promise<Uint8Array> => {
  const header = (await source.read(start, dataStart - start)).slice();
  const width = header.length - 4;
  const isUnknown = header[4] === 2 ** (9 - width) - 1 && header.subarray(5).every((byte) => byte === 0xff);
  return isUnknown ? header : concat(header.subarray(0, 4), sizeField(size, Math.max(width, sizeWidthOf(size))));
};

/** A block with the same track, flags and kind as the one whose place it takes (RFC 9559 §10). */
const blockPieces = ({ track, flags, isGroup }: EbmlBlock, { sample, time, before, duration }: NewBlock, clusterTime: number): readonly Piece[] => {
  const relative = time - clusterTime;
  if (relative < -0x8000 || relative > 0x7fff) {
    throw unfit('container', 'a picture is shown too long after its cluster begins');
  }
  const kept = flags & ~0x80;
  const isKey = sample.isSync && !isGroup ? 0x80 : 0;
  const head = concat(sizeField(track, sizeWidthOf(track)), uintBytes(relative & 0xffff, 2), Uint8Array.of(kept | isKey));
  if (!isGroup) {
    return [elementHead(CLUSTER_ID.simpleBlock, head.length + sample.size), head, ...sample.pieces];
  }
  const reference = before === undefined ? 0 : before - time;
  const behind = concat(
    ...(duration === undefined ? [] : [elementBytes(CLUSTER_ID.blockDuration, uintBytes(duration, uintWidth(duration)))]),
    ...(sample.isSync ? [] : [elementBytes(CLUSTER_ID.referenceBlock, uintBytes(reference >>> 0, 4))]),
  );
  const block = elementHead(CLUSTER_ID.block, head.length + sample.size);
  return [
    elementHead(CLUSTER_ID.blockGroup, block.length + head.length + sample.size + behind.length),
    block,
    head,
    ...sample.pieces,
    ...(behind.length === 0 ? [] : [behind]),
  ];
};

const elementHead = (id: number, size: number): Uint8Array => concat(uintBytes(id, uintWidth(id)), sizeField(size, sizeWidthOf(size)));

const checksumOf = async (pieces: readonly Piece[]): Promise<number> => {
  const crc = crcOf();
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) {
      crc.add(piece);
      continue;
    }
    for (let at = 0; at < piece.length; at += READ_BYTES) {
      crc.add(await piece.source.read(piece.offset + at, Math.min(READ_BYTES, piece.length - at)));
    }
  }
  return crc.value();
};

/** Neighbouring stretches of one source as one. */
const joined = (pieces: readonly Piece[]): readonly Piece[] => {
  const all: Piece[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    const isBehind =
      !(piece instanceof Uint8Array) &&
      last !== undefined &&
      !(last instanceof Uint8Array) &&
      last.source === piece.source &&
      last.offset + last.length === piece.offset;
    if (isBehind) {
      all[all.length - 1] = { source: last.source, offset: last.offset, length: last.length + piece.length };
    } else {
      all.push(piece);
    }
  }
  return all;
};
