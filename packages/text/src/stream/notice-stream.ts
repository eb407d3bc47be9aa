import { NoticeChunks } from './notice-chunks.ts';
import type { TextChunk } from './raw-text.ts';
import { type NoticeStreamOptions, writerOf } from './stream-options.ts';

/**
 * A model's output with a notice (Measures Art. 4(1), GB 45438-2025 §5.1), chunk by chunk: every chunk goes out when it comes in, as it came; the notice at the start is in
 * the first, the one at the end is a chunk of its own. Only the very first characters may have to wait for the next chunk: a byte order mark, in Markdown what may begin
 * front matter (`-`, `--`, `---`), in HTML what may begin a page (`<!`, `<h`), 16 at most. What is kept of the text is its current line, 4096 characters at most, or the names of open elements.
 *
 * For strings, which may be cut within a surrogate pair, and for bytes of UTF-8, which may be cut within a character. It runs in browsers, Deno, Bun and Node;
 * with Node's own streams: `Readable.fromWeb(Readable.toWeb(readable).pipeThrough(noticeStream()))`. For what is iterable, see `noticeTokens`.
 *
 * @throws TypeError where the words lack an element or are not one line, and where the positions are none, unknown or doubled; in the stream, for a chunk that is neither text nor bytes.
 */
export const noticeStream = <Chunk extends TextChunk>(options: NoticeStreamOptions = {}): TransformStream<Chunk, Chunk> => {
  const chunks = new NoticeChunks<Chunk>(writerOf(options)());
  const pass = (chunk: Chunk | undefined, controller: TransformStreamDefaultController<Chunk>): void => {
    if (chunk !== undefined) {
      controller.enqueue(chunk);
    }
  };
  return new TransformStream<Chunk, Chunk>({
    transform(chunk, controller) {
      pass(chunks.next(chunk), controller);
    },
    flush(controller) {
      pass(chunks.end(), controller);
    },
  });
};

/**
 * The same for tokens that a client hands out one by one: `for await (const token of noticeTokens(tokens)) …`.
 * @throws TypeError as `noticeStream`, when it is called.
 */
export const noticeTokens = <Chunk extends TextChunk>(
  tokens: AsyncIterable<Chunk> | Iterable<Chunk>,
  options: NoticeStreamOptions = {},
): AsyncIterableIterator<Chunk> => passed(tokens, new NoticeChunks<Chunk>(writerOf(options)()));

async function* passed<Chunk extends TextChunk>(tokens: AsyncIterable<Chunk> | Iterable<Chunk>, chunks: NoticeChunks<Chunk>): AsyncGenerator<Chunk> {
  for await (const token of tokens) {
    const out = chunks.next(token);
    if (out !== undefined) {
      yield out;
    }
  }
  const last = chunks.end();
  if (last !== undefined) {
    yield last;
  }
}
