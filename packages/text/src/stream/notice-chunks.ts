import type { NoticeWriter } from './notice-writer.ts';
import { assertSameType, type RawText, rawTextOf, type TextChunk, withInserts } from './raw-text.ts';

/** One text in chunks, as they go out. */
export class NoticeChunks<Chunk extends TextChunk> {
  readonly #writer: NoticeWriter;
  #raw: RawText | undefined;
  /** The first characters, until they tell where a notice goes. */
  #lead: string | undefined = '';

  constructor(writer: NoticeWriter) {
    this.#writer = writer;
  }

  /** What goes out for a chunk that came in; `undefined` where it has to wait. */
  next(chunk: Chunk): Chunk | undefined {
    this.#raw ??= rawTextOf(chunk);
    assertSameType(this.#raw, chunk);
    const piece = this.#raw.of(chunk);
    const lead = this.#lead;
    if (lead === undefined) {
      return this.#write(this.#raw, piece, chunk);
    }
    if (piece === '') {
      return chunk;
    }
    if (!this.#writer.isTold(lead + piece)) {
      this.#lead = lead + piece;
      return undefined;
    }
    this.#lead = undefined;
    return this.#write(this.#raw, lead + piece, lead === '' ? chunk : undefined);
  }

  /** What goes out when the text is over. */
  end(): Chunk | undefined {
    const raw = this.#raw;
    if (raw === undefined) {
      return undefined;
    }
    const rest = this.#lead ? raw.of(this.#write(raw, this.#lead, undefined)) : '';
    const end = rest + raw.fromText(this.#writer.end());
    return end === '' ? undefined : (raw.chunk(end) as Chunk);
  }

  #write(raw: RawText, piece: string, chunk: Chunk | undefined): Chunk {
    const inserts = this.#writer.next(piece).map(({ at, text }) => ({ at, text: raw.fromText(text) }));
    return inserts.length === 0 && chunk !== undefined ? chunk : (raw.chunk(withInserts(piece, inserts)) as Chunk);
  }
}
