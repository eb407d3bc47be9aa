import { type StreamDialect, streamDialects } from './dialects/index.ts';
import { EventFraming, type Framing, LineFraming } from './event-frames.ts';
import { EventNotices } from './event-notices.ts';
import { assertSameType, type RawText, rawTextOf, type TextChunk } from './raw-text.ts';
import { type NoticeStreamOptions, writerOf } from './stream-options.ts';
import { asksForJson } from './structured-output.ts';

/** What the notice in a stream of events says, where, and in which kinds of events. */
export interface NoticeEventsOptions extends NoticeStreamOptions {
  /** Those that are tried, `streamDialects` by default; `[plainEvents]` where the data of each event is the text itself. */
  readonly dialects?: readonly StreamDialect[];
  /** The body of the request that is answered. Where it asks for JSON, the stream goes through as it is. */
  readonly request?: unknown;
}

/**
 * The server-sent events of a model's answer with a notice (Measures Art. 4(1), GB 45438-2025 §5.1): in the string of the first event that has text, and before the event that ends it.
 * Every other byte stays as it came: no JSON is written anew. Every event goes out as soon as it is whole; one that is not is kept, 4 MiB at most, as are events
 * with the very first characters where these have to wait (see `noticeStream`), 16 at most. Each choice, candidate or block of text has notices of its own; tool calls, refusals, thoughts, usage,
 * errors, comments and events of no known dialect go through. A text of which nothing came has no notice. After an error of the source, none is added.
 * Whoever passes on the headers of the answer leaves out Content-Length, which is no longer true.
 *
 * @throws TypeError as `noticeStream`.
 */
export const noticeSse = <Chunk extends TextChunk>(options: NoticeEventsOptions = {}): TransformStream<Chunk, Chunk> =>
  eventStream(options, () => new EventFraming());

/**
 * The same for one JSON value a line (NDJSON), as Ollama streams.
 * @throws TypeError as `noticeStream`.
 */
export const noticeJsonLines = <Chunk extends TextChunk>(options: NoticeEventsOptions = {}): TransformStream<Chunk, Chunk> =>
  eventStream(options, () => new LineFraming());

const eventStream = <Chunk extends TextChunk>(options: NoticeEventsOptions, newFraming: () => Framing): TransformStream<Chunk, Chunk> => {
  const newWriter = writerOf(options);
  const { dialects = streamDialects, request } = options;
  if (asksForJson(request)) {
    return new TransformStream<Chunk, Chunk>();
  }
  let raw: RawText | undefined;
  let notices: EventNotices | undefined;
  return new TransformStream<Chunk, Chunk>({
    transform(chunk, controller) {
      raw ??= rawTextOf(chunk);
      assertSameType(raw, chunk);
      notices ??= new EventNotices(dialects, newWriter, newFraming(), raw);
      const piece = raw.of(chunk);
      const out = notices.next(piece);
      if (out !== '' || piece === '') {
        controller.enqueue(out === piece ? chunk : (raw.chunk(out) as Chunk));
      }
    },
    flush(controller) {
      const out = notices?.end() ?? '';
      if (raw !== undefined && out !== '') {
        controller.enqueue(raw.chunk(out) as Chunk);
      }
    },
  });
};
