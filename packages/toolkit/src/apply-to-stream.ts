import {
  type ByteSource,
  bytesSource,
  type LabelPlan,
  noPlaceInside,
  type Segment,
  type SidecarReader,
  segmentsOf,
  splicedSource,
} from '@aigc-label/core';
import { type ByteStream, openFileSource, spool } from '@aigc-label/files';
import { type LabelOutcome, outcomeOf } from './apply-to-bytes.ts';
import { confirmRecorded, publishing, type RecordedPlan } from './recording.ts';

/** Streams up to this size are held in memory, larger ones on the disk. */
const IN_MEMORY_BYTES = 8 << 20;

/** How much is given at a time. */
const PIECE_BYTES = 1 << 18;

/** What became of a stream. */
export interface StreamOutcome extends LabelOutcome {
  /** The labelled bytes; what was put on the disk is removed when it has been read to its end, or cancelled. */
  readonly stream: ReadableStream<Uint8Array>;
}

/** Everything from a stream as a source; `release` it. */
export interface SpooledSource {
  readonly source: ByteSource;
  release(): Promise<void>;
}

/**
 * Takes a stream to its end: labels are placed by random access.
 *
 * @throws LabelError as `spool` does.
 */
export const spooledSource = async (stream: ByteStream): Promise<SpooledSource> => {
  const parts: Uint8Array[] = [];
  let total = 0;
  const iterator = Symbol.asyncIterator in stream ? stream[Symbol.asyncIterator]() : stream[Symbol.iterator]();
  while (total <= IN_MEMORY_BYTES) {
    const next = await iterator.next();
    if (next.done === true) {
      const source = bytesSource(Buffer.concat(parts, total));
      return { source, release: async () => undefined };
    }
    parts.push(next.value);
    total += next.value.length;
  }
  const borrowed = await spool(both(parts, iterator));
  try {
    const source = await openFileSource(borrowed.path);
    return {
      source,
      release: async () => {
        source.close();
        await borrowed.give();
      },
    };
  } catch (error) {
    await borrowed.give();
    throw error;
  }
};

async function* both(first: readonly Uint8Array[], rest: AsyncIterator<Uint8Array> | Iterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* first;
  try {
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
      yield next.value;
    }
  } finally {
    await rest.return?.();
  }
}

/** Carries a plan out from one stream into another; nothing comes out before the label was read back. @throws LabelError as `planOf` and `confirmLabel` do, `NO_PLACE_INSIDE`. */
export const applyToStream = async (
  stream: ByteStream,
  planOf: (source: ByteSource, sidecar: SidecarReader) => Promise<RecordedPlan>,
): Promise<StreamOutcome> => {
  const { source, release: giveBack } = await spooledSource(stream);
  let plan: RecordedPlan | undefined;
  const release = async (): Promise<void> => {
    await plan?.release();
    await giveBack();
  };
  try {
    const planned = await planOf(source, async () => undefined);
    plan = planned;
    await publishing(planned, async () => {
      if (planned.sidecar !== null) {
        throw noPlaceInside(planned.format.id, 'only a sidecar could carry it, and a stream has none');
      }
      await confirmRecorded(splicedSource(planned.source, planned.splices), planned);
    });
    return { ...outcomeOf(planned, source.size), stream: readable(planned, release) };
  } catch (error) {
    await release();
    throw error;
  }
};

const readable = ({ source, splices }: LabelPlan, release: () => Promise<void>): ReadableStream<Uint8Array> => {
  const pieces = piecesOf(source, segmentsOf(source.size, splices));
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next();
        if (done === true) {
          await release();
          controller.close();
        } else {
          controller.enqueue(value);
        }
      } catch (error) {
        await release();
        throw error;
      }
    },
    cancel: release,
  });
};

async function* piecesOf(source: ByteSource, segments: readonly Segment[]): AsyncGenerator<Uint8Array> {
  for (const segment of segments) {
    if (segment.kind === 'insert') {
      yield segment.bytes;
      continue;
    }
    for (let done = 0; done < segment.length; done += PIECE_BYTES) {
      // A copy: whoever reads a stream may keep, change or transfer what it gives.
      yield (await source.read(segment.offset + done, Math.min(PIECE_BYTES, segment.length - done))).slice();
    }
  }
}
