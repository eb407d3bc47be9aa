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

interface FrameLine {
  readonly text: string;
  readonly at: number;
}

/** Server-sent events, with any line ending, cut anywhere. */
export class EventFraming implements Framing {
  #rest = '';
  /** How far `#rest` was looked at, and where its current line begins. */
  #seen = 0;
  #lineAt = 0;
  #lines: FrameLine[] = [];
  #isUnread = false;
  /** Whether a carriage return was the last that was seen, whose line feed may follow. */
  #isReturn = false;
  #ending: string | undefined;

  next(piece: string): readonly Frame[] {
    const frames: Frame[] = [];
    this.#rest += piece;
    for (let at = this.#seen; at < this.#rest.length; at += 1) {
      const unit = this.#rest.charCodeAt(at);
      const isRestOfEnding = unit === 0x0a && this.#isReturn;
      this.#isReturn = unit === 0x0d;
      if (isRestOfEnding && at > 0) {
        this.#lineAt = at + 1;
        continue;
      }
      if (unit !== 0x0a && unit !== 0x0d) {
        continue;
      }
      if (this.#lineAt < at) {
        this.#lines.push({ text: this.#rest.slice(this.#lineAt, at), at: this.#lineAt });
        this.#lineAt = at + 1;
        continue;
      }
      const isCrLf = this.#isReturn && this.#rest.charCodeAt(at + 1) === 0x0a;
      this.#isReturn = this.#isReturn && !isCrLf;
      frames.push(this.#frame(at + (isCrLf ? 2 : 1)));
      at = -1;
    }
    this.#seen = this.#rest.length;
    if (this.#rest.length > LONGEST_FRAME) {
      this.#isUnread = true;
      frames.push(this.#frame(this.#rest.length));
      this.#isUnread = true;
    }
    return frames;
  }

  #frame(end: number): Frame {
    const raw = this.#rest.slice(0, end);
    const lines = this.#isUnread ? [] : this.#lines;
    const [first] = this.#lines;
    const ending = first === undefined ? undefined : /^(?:\r\n|\r|\n)/.exec(raw.slice(first.at + first.text.length))?.[0];
    this.#ending = ending ?? this.#ending;
    this.#rest = this.#rest.slice(end);
    this.#lines = [];
    this.#seen = 0;
    this.#lineAt = 0;
    this.#isUnread = false;
    return frameOf(raw, lines, this.#ending ?? '\n');
  }

  end(): Frame | undefined {
    if (this.#rest === '') {
      return undefined;
    }
    if (this.#lineAt < this.#rest.length) {
      this.#lines.push({ text: this.#rest.slice(this.#lineAt), at: this.#lineAt });
    }
    return this.#frame(this.#rest.length);
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
  const data: FrameLine[] = [];
  for (const { text, at } of lines) {
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
  #rest = '';
  #isUnread = false;
  #ending = '\n';

  next(piece: string): readonly Frame[] {
    const frames: Frame[] = [];
    let seen = this.#rest.length;
    this.#rest += piece;
    for (let end = this.#rest.indexOf('\n', seen); end >= 0; end = this.#rest.indexOf('\n', seen)) {
      this.#ending = this.#rest[end - 1] === '\r' ? '\r\n' : '\n';
      frames.push(this.#frame(end + 1));
      this.#isUnread = false;
      seen = 0;
    }
    if (this.#rest.length > LONGEST_FRAME) {
      this.#isUnread = true;
      frames.push(this.#frame(this.#rest.length));
    }
    return frames;
  }

  #frame(end: number): Frame {
    const raw = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end);
    const data = this.#isUnread || raw.trim() === '' ? undefined : raw;
    return { raw, name: undefined, data, rawAt: (offset) => offset, written: (text) => text };
  }

  end(): Frame | undefined {
    return this.#rest === '' ? undefined : this.#frame(this.#rest.length);
  }

  make(_name: string | undefined, data: string): string {
    return data + this.#ending;
  }

  get closing(): string {
    return this.#ending;
  }
}
