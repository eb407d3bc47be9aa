// Clusters as they stand, but for the position that each may state: RFC 9559 §5.1.3.
import { clusterChildren, EBML_ID, type EbmlElement, parseElementHeader, uintOf } from '@aigc-label/containers';
import { type ByteSource, type ContentPiece, LabelError } from '@aigc-label/core';
import { valueLine } from './content-sheet.ts';

/** In front of the frames of a Cluster stand its time, position and size, in fewer bytes. */
const HEAD_BYTES = 76;

/** Time, position, size, the list of silent tracks, checksum, padding. */
const IN_FRONT: ReadonlySet<number> = new Set([0xe7, 0xab, 0x5854, EBML_ID.clusterPosition, EBML_ID.crc32, EBML_ID.void]);

/** All Clusters; of a Position how far it is from where its Cluster stands. `dataStart` of the Segment. */
export async function* clusterPieces(source: ByteSource, clusters: readonly EbmlElement[], dataStart: number): AsyncGenerator<ContentPiece> {
  for (const { start, dataStart: inside, end } of clusters) {
    const head = await source.read(start, Math.min(HEAD_BYTES, end - start));
    let from = start;
    let at = inside - start;
    for (let header = parseElementHeader(head, at); header !== undefined && IN_FRONT.has(header.id); header = parseElementHeader(head, at)) {
      const dataAt = at + header.headerBytes;
      const dataEnd = dataAt + (header.sizeBytes ?? Number.POSITIVE_INFINITY);
      if (dataEnd > head.length) {
        break;
      }
      if (header.id === EBML_ID.clusterPosition) {
        const position = uintOf(head.subarray(dataAt, dataEnd));
        // 0 is what live streams say; beyond 2^53 a number is no longer exact, and no file as long.
        if (position !== 0 && Number.isSafeInteger(position)) {
          yield { start: from, end: start + dataAt };
          yield valueLine(position - (start - dataStart));
          from = start + dataEnd;
        }
        break;
      }
      at = dataEnd;
    }
    yield { start: from, end };
  }
}

/** Children of the last Cluster that are looked at. */
const MAXIMUM_CHILDREN = 20_000;

/** When the last frame of the last Cluster begins, in ticks; `undefined` where that cannot be told. */
export const endOfFrames = async (source: ByteSource, cluster: EbmlElement): Promise<number | undefined> => {
  let [count, base, last] = [0, 0, Number.NEGATIVE_INFINITY];
  try {
    for await (const { element, block, value } of clusterChildren(source, cluster)) {
      count += 1;
      if (count > MAXIMUM_CHILDREN) {
        return undefined;
      }
      base = element.id === 0xe7 && value !== undefined ? value : base;
      last = block === undefined ? last : Math.max(last, block.time);
    }
  } catch (error) {
    if (error instanceof LabelError && error.code === 'FILE_DAMAGED') {
      return undefined;
    }
    throw error;
  }
  return Number.isFinite(last) ? base + last : undefined;
};
