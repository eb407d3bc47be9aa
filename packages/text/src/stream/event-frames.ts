// How a stream is cut into events: text/event-stream (WHATWG HTML §9.2.6), and JSON lines.

/** One event, with every byte that belongs to it. */
export interface Frame {
  readonly raw: string;
  /** The `event` field. */
  readonly name: string | undefined;
  /** The values of its `data` fields, joined by line feeds; `undefined` where it has none. */
  readonly data: string | undefined;
  /** Where an offset of the data stands in `raw`. */
  readonly rawAt: (offset: number) => number;
  /** New text as it is written within data. */
  readonly written: (text: string) => string;
}

/** A kind of framing: cuts raw text into frames as soon as each of them is whole, and writes new ones. */
export interface Framing {
  /** The frames that end in this piece. */
  next(piece: string): readonly Frame[];
  /** What is left: a frame that was not ended. */
  end(): Frame | undefined;
  /** A new frame, in the line endings of those before. */
  make(name: string | undefined, data: string): string;
  /** What ends a frame that was left open, so that another can follow. */
  readonly closing: string;
}

/** An event that is longer is passed on unread, in pieces, up to its end. */
export const LONGEST_FRAME: number = 4 << 20;

/** Where a line stands in its frame, without its ending. */
interface FrameLine {
  readonly at: number;
  readonly end: number;
}

/** Pieces of a frame that is not whole, joined only once, so that many small ones cost no more than a large one. */
class Pending {
  length = 0;
  #pieces: string[] = [];

  add(piece: string): void {
    if (piece !== '') {
      this.#pieces.push(piece);
      this.length += piece.length;
    }
  }

  take(last = ''): string {
    const all = this.length === 0 ? last : this.#pieces.join('') + last;
    this.#pieces = [];
    this.length = 0;
    return all;
  }
}

/** Server-sent events, with any line ending, cut anywhere. */
export class EventFraming implements Framing {
  readonly #pending = new Pending();
  #lines: FrameLine[] = [];
  /** Where the current line begins, in its frame. */
  #lineAt = 0;
  /** Whether a carriage return was the last that was seen, whose line feed may follow. */
  #isReturn = false;
  #isUnread = false;
  #ending: string | undefined;

  next(piece: string): readonly Frame[] {
    const frames: Frame[] = [];
    let from = 0;
    for (let at = 0; at < piece.length; at += 1) {
      const unit = piece.charCodeAt(at);
      if (unit !== 0x0a && unit !== 0x0d) {
        this.#isReturn = false;
        continue;
      }
      const offset = this.#pending.length + at - from;
      const isRestOfEnding = unit === 0x0a && this.#isReturn && offset > 0;
      this.#isReturn = unit === 0x0d;
      if (isRestOfEnding) {
        this.#lineAt = offset + 1;
      } else if (this.#lineAt < offset) {
        this.#lines.push({ at: this.#lineAt, end: offset });
        this.#lineAt = offset + 1;
      } else {
        // A blank line, or the line feed that was cut off the last one, which is a frame of its own.
        const isCrLf = this.#isReturn && piece.charCodeAt(at + 1) === 0x0a;
        this.#isReturn &&= !isCrLf;
        at += isCrLf ? 1 : 0;
        frames.push(this.#frame(piece.slice(from, at + 1)));
        from = at + 1;
      }
    }
    this.#pending.add(piece.slice(from));
    if (this.#pending.length > LONGEST_FRAME) {
      this.#isUnread = true;
      frames.push(this.#frame(''));
      this.#isUnread = true;
    }
    return frames;
  }

  #frame(last: string): Frame {
    const raw = this.#pending.take(last);
    const [first] = this.#lines;
    const ending = first === undefined ? undefined : /^(?:\r\n|\r|\n)/.exec(raw.slice(first.end, first.end + 2))?.[0];
    this.#ending = ending ?? this.#ending;
    const frame = frameOf(raw, this.#isUnread ? [] : this.#lines, this.#ending ?? '\n');
    this.#lines = [];
    this.#lineAt = 0;
    this.#isUnread = false;
    return frame;
  }

  end(): Frame | undefined {
    const { length } = this.#pending;
    if (length === 0) {
      return undefined;
    }
    if (this.#lineAt < length) {
      this.#lines.push({ at: this.#lineAt, end: length });
    }
    return this.#frame('');
  }

  make(name: string | undefined, data: string): string {
    const ending = this.#ending ?? '\n';
    const lines = [...(name === undefined ? [] : [`event: ${name}`]), ...data.split('\n').map((line) => `data: ${line}`)];
    return lines.map((line) => line + ending).join('') + ending;
  }

  get closing(): string {
    return (this.#ending ?? '\n').repeat(2);
  }
}

const FIELD = /^(?:\ufeff|\u00ef\u00bb\u00bf)?(data|event)(?:: ?|$)/;

const frameOf = (raw: string, lines: readonly FrameLine[], ending: string): Frame => {
  let name: string | undefined;
  const data: { readonly text: string; readonly at: number }[] = [];
  for (const { at, end } of lines) {
    const text = raw.slice(at, end);
    const [field, key] = FIELD.exec(text) ?? [];
    if (key === 'event') {
      name = text.slice(field?.length);
    } else if (field !== undefined) {
      data.push({ text: text.slice(field.length), at: at + field.length });
    }
  }
  const rawAt = (offset: number): number => {
    let before = 0;
    for (const line of data) {
      if (offset <= before + line.text.length) {
        return line.at + offset - before;
      }
      before += line.text.length + 1;
    }
    return raw.length;
  };
  const written = (text: string): string => text.replaceAll('\n', `${ending}data: `);
  return { raw, name, data: data.length === 0 ? undefined : data.map(({ text }) => text).join('\n'), rawAt, written };
};

/** One JSON value a line. */
export class LineFraming implements Framing {
  readonly #pending = new Pending();
  #isUnread = false;
  #ending = '\n';

  next(piece: string): readonly Frame[] {
    const frames: Frame[] = [];
    let from = 0;
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', from)) {
      frames.push(this.#frame(piece.slice(from, end + 1)));
      this.#isUnread = false;
      from = end + 1;
    }
    this.#pending.add(piece.slice(from));
    if (this.#pending.length > LONGEST_FRAME) {
      this.#isUnread = true;
      frames.push(this.#frame(''));
    }
    return frames;
  }

  #frame(last: string): Frame {
    const raw = this.#pending.take(last);
    this.#ending = raw.endsWith('\r\n') ? '\r\n' : '\n';
    const data = this.#isUnread || raw.trim() === '' ? undefined : raw;
    return { raw, name: undefined, data, rawAt: (offset) => offset, written: (text) => text };
  }

  end(): Frame | undefined {
    return this.#pending.length === 0 ? undefined : this.#frame('');
  }

  make(_name: string | undefined, data: string): string {
    return data + this.#ending;
  }

  get closing(): string {
    return this.#ending;
  }
}
