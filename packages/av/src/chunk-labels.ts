// Labels inside chunks of WAV and AIFF that are containers themselves: ID3v2 and XMP.
import { editId3Tag, type RiffChunk, readId3Tag, XMP_LIMIT_BYTES, xmpSlots } from '@aigc-label/containers';
import { xmpWithOneLabel } from '@aigc-label/containers/internal';
import { type Anomaly, type ByteSource, LabelError, type Slot, type SlotText, type Splice, TC260_XMP } from '@aigc-label/core';

/** What a chunk holds, and the edits after which it holds no label, or this one. */
export interface ChunkLabels {
  readonly chunk: RiffChunk;
  readonly found: readonly Slot[];
  readonly anomalies: readonly Anomaly[];
  /** Labels, readable or not. */
  readonly count: number;
  /** @throws LabelError where the edit is not safe. */
  edits(slot: SlotText | undefined): readonly Splice[];
}

/** The labels of an ID3v2 tag in a chunk; it is nowhere the place of one. */
export const readId3Chunk = async (source: ByteSource, chunk: RiffChunk, site: string): Promise<ChunkLabels> => {
  const inside: ByteSource = { size: chunk.sizeBytes, read: (offset, length) => source.read(chunk.dataStart + offset, length) };
  const tag = await readId3Tag(inside, 0, TC260_XMP.name, site);
  const matches = tag?.matches ?? [];
  return {
    chunk,
    found: matches.flatMap(({ id, text }) =>
      text === undefined ? [] : [{ key: TC260_XMP.name, site: `${site}/${id}[${TC260_XMP.name}]`, isGuidePlace: false, value: text }],
    ),
    anomalies: (tag?.anomalies ?? []).map((anomaly) => ({ ...anomaly, offset: (anomaly.offset ?? 0) + chunk.dataStart })),
    count: matches.length,
    edits: () => (tag === undefined ? [] : editId3Tag(tag, { remove: matches }).map((splice) => ({ ...splice, at: splice.at + chunk.dataStart }))),
  };
};

/** Where XMP stands in a chunk. */
export interface XmpChunkPlace {
  readonly site: string;
  /** Bytes of the chunk in front of the packet. */
  readonly prefixBytes: number;
  /** Whether this is where the format carries its label. */
  readonly isPlace: boolean;
  /** Bytes of XMP that may still be read from this file. */
  readonly budget: { left: number };
}

/** The labels of an XMP packet in a chunk. */
export const readXmpChunk = async (
  source: ByteSource,
  chunk: RiffChunk,
  { site, prefixBytes, isPlace, budget }: XmpChunkPlace,
): Promise<ChunkLabels> => {
  const [at, length] = [chunk.dataStart + prefixBytes, chunk.sizeBytes - prefixBytes];
  const isRead = length <= Math.min(budget.left, XMP_LIMIT_BYTES);
  budget.left -= isRead ? length : 0;
  const bytes = isRead ? await source.read(at, length) : undefined;
  const labels = bytes === undefined ? undefined : xmpSlots(bytes, TC260_XMP, { site, isPlace, offset: chunk.start });
  const unread: readonly Anomaly[] = [{ code: 'limit', site, offset: chunk.start, detail: `the chunk holds ${length} bytes` }];
  return {
    chunk,
    found: labels?.slots ?? [],
    anomalies: labels?.anomalies ?? unread,
    count: labels?.slots.length ?? 0,
    edits(slot) {
      if (bytes === undefined) {
        throw new LabelError('LIMIT_EXCEEDED', `The XMP at byte ${chunk.start} is too large to be edited; save the file without it.`, {
          data: { site, offset: chunk.start, length, limitBytes: XMP_LIMIT_BYTES },
        });
      }
      const written = slot ?? NO_SLOT;
      const packet = xmpWithOneLabel(bytes, TC260_XMP, slot !== undefined, written, { site });
      return packet === bytes ? [] : [{ at, remove: length, insert: packet }];
    },
  };
};

const NO_SLOT: SlotText = { key: TC260_XMP.name, value: '', fields: {} };
