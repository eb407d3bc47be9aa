import { assertSameType, type RawText, rawTextOf, type TextChunk, withInserts } from './raw-text.ts';
import { type NoticeStreamOptions, writerOf } from './stream-options.ts';

/**
 * A model's output with a notice (Measures Art. 4(1), GB 45438-2025 §5.1), chunk by chunk: every chunk goes out when it comes in, as it came; the notice at the start is in
 * the first, the one at the end is a chunk of its own. Only the very first characters may have to wait for the next chunk: a byte order mark, in Markdown what may begin
 * front matter (`-`, `--`, `---`), in HTML what may begin a page (`<!`, `<h`), 16 at most. What is kept of the text is its current line, 4096 characters at most, or the names of open elements.
 *
 * For strings, which may be cut within a surrogate pair, and for bytes of UTF-8, which may be cut within a character. It runs in browsers, Deno, Bun and Node;
 * with Node's own streams: `Readable.fromWeb(Readable.toWeb(readable).pipeThrough(noticeStream()))`; with anything iterable, but in some browsers: `ReadableStream.from(iterable).pipeThrough(noticeStream())`.
 *
 * @throws TypeError where the words lack an element or are not one line, and where the positions are none, unknown or doubled; in the stream, for a chunk that is neither text nor bytes.
 */
export const noticeStream = <Chunk extends TextChunk>(options: NoticeStreamOptions = {}): TransformStream<Chunk, Chunk> => {
  const writer = writerOf(options)();
  let raw: RawText | undefined;
  let lead: string | undefined = '';
  const write = (piece: string, chunk: Chunk | undefined, known: RawText): Chunk => {
    const inserts = writer.next(piece).map(({ at, text }) => ({ at, text: known.fromText(text) }));
    return inserts.length === 0 && chunk !== undefined ? chunk : (known.chunk(withInserts(piece, inserts)) as Chunk);
  };
  return new TransformStream<Chunk, Chunk>({
    transform(chunk, controller) {
      raw ??= rawTextOf(chunk);
      assertSameType(raw, chunk);
      const piece = raw.of(chunk);
      if (lead === undefined) {
        controller.enqueue(write(piece, chunk, raw));
      } else if (piece === '') {
        controller.enqueue(chunk);
      } else if (writer.isTold(lead + piece)) {
        const all = lead + piece;
        controller.enqueue(write(all, lead === '' ? chunk : undefined, raw));
        lead = undefined;
      } else {
        lead += piece;
      }
    },
    flush(controller) {
      if (raw === undefined) {
        return;
      }
      const rest = lead === undefined || lead === '' ? '' : String(raw.of(write(lead, undefined, raw)));
      const end = rest + raw.fromText(writer.end());
      if (end !== '') {
        controller.enqueue(raw.chunk(end) as Chunk);
      }
    },
  });
};
