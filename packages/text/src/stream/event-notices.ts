import type { EventParts, EventText, StreamDialect, StreamEvent } from './dialects/dialect.ts';
import type { Frame, Framing } from './event-frames.ts';
import { jsonOffset } from './json-strings.ts';
import { type Insert, LONGEST_LEAD, type NoticeWriter } from './notice-writer.ts';
import { type RawText, withInserts } from './raw-text.ts';

/** One of the texts that a stream carries. */
interface Channel {
  readonly writer: NoticeWriter;
  /** The first characters, as long as they do not tell where a notice goes. */
  lead: string | undefined;
  /** The last event with text of it. */
  like: StreamEvent | undefined;
  /** What has gone in, at offsets of the whole text. */
  readonly inserts: Insert[];
  length: number;
  isOver: boolean;
}

/** Puts notices into the events of one stream: into the strings that carry text, at their exact place, and in new events where no string is left. */
export class EventNotices {
  readonly #dialects: readonly StreamDialect[];
  readonly #newWriter: () => NoticeWriter;
  readonly #framing: Framing;
  readonly #raw: RawText;
  readonly #channels = new Map<string, Channel>();
  #dialect: StreamDialect | undefined;
  #waiting: { readonly frame: Frame; readonly event: StreamEvent; readonly parts: EventParts }[] = [];

  constructor(dialects: readonly StreamDialect[], newWriter: () => NoticeWriter, framing: Framing, raw: RawText) {
    this.#dialects = dialects;
    this.#newWriter = newWriter;
    this.#framing = framing;
    this.#raw = raw;
  }

  /** What goes out for a piece that came in. */
  next(piece: string): string {
    return this.#framing
      .next(piece)
      .map((frame) => this.#frame(frame))
      .join('');
  }

  /** What goes out when the stream is over. */
  end(): string {
    const frame = this.#framing.end();
    const isEvent = frame?.data !== undefined && this.#read(eventOf(frame)) !== undefined;
    const before = frame !== undefined && isEvent ? this.#frame(frame) : '';
    const waiting = this.#settle();
    const last = this.#endings('all', []);
    const closing = isEvent && last !== '' ? this.#framing.closing : '';
    // What broke off within an event is read by nobody, and stays the last.
    return before + waiting + closing + last + (frame === undefined || isEvent ? '' : frame.raw);
  }

  #frame(frame: Frame): string {
    const last = this.#waiting.at(-1);
    if (frame.raw === '\n' && last !== undefined) {
      // The other half of a line ending that was cut.
      this.#waiting[this.#waiting.length - 1] = { ...last, frame: { ...last.frame, raw: `${last.frame.raw}\n` } };
      return '';
    }
    const event = frame.data === undefined ? undefined : eventOf(frame);
    const parts = event === undefined ? undefined : this.#read(event);
    const deltas = parts?.deltas?.filter(({ text }) => text !== '') ?? [];
    if (event === undefined || parts === undefined) {
      return this.#settle() + frame.raw;
    }
    for (const { channel, text } of deltas) {
      const of = this.#channel(channel);
      of.lead = of.lead === undefined ? undefined : of.lead + text;
    }
    const isTold = deltas.every(({ channel }) => this.#isTold(this.#channel(channel)));
    if (!isTold && (parts.ends ?? []).length === 0 && this.#waiting.length < LONGEST_LEAD) {
      this.#waiting.push({ frame, event, parts });
      return '';
    }
    return this.#settle() + this.#write(frame, event, parts);
  }

  #isTold({ lead, writer }: Channel): boolean {
    return lead === undefined || writer.isTold(lead);
  }

  /** Lets go what had to wait. */
  #settle(): string {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting.map(({ frame, event, parts }) => this.#write(frame, event, parts)).join('');
  }

  #write(frame: Frame, event: StreamEvent, parts: EventParts): string {
    const deltas = parts.deltas?.filter(({ text }) => text !== '') ?? [];
    const inserts: Insert[] = [];
    for (const delta of deltas) {
      const channel = this.#channel(delta.channel);
      const found = channel.isOver ? [] : channel.writer.next(delta.text, channel.lead);
      channel.lead = undefined;
      channel.like = event;
      inserts.push(...found.flatMap((insert) => this.#placed(frame, event, delta, insert)));
      channel.inserts.push(...found.map(({ at, text }) => ({ at: channel.length + at, text })));
      channel.length += delta.text.length;
    }
    const before = this.#endings(parts.ends ?? [], deltas, (delta, text) => {
      inserts.push(...this.#placed(frame, event, delta, { at: delta.text.length, text }));
    });
    for (const whole of parts.wholes ?? []) {
      const channel = this.#channels.get(whole.channel);
      const own = channel?.length === whole.text.length ? channel.inserts : [];
      inserts.push(...own.flatMap((insert) => this.#placed(frame, event, whole, insert)));
    }
    const sorted = inserts.toSorted((a, b) => a.at - b.at);
    return before + (sorted.length === 0 ? frame.raw : withInserts(frame.raw, sorted));
  }

  /** Ends texts: in the last string of the event that ends them, or in a new event before it. */
  #endings(ends: readonly string[] | 'all', deltas: readonly EventText[], splice?: (delta: EventText, text: string) => void): string {
    let before = '';
    for (const [name, channel] of this.#channels) {
      if (channel.isOver || channel.like === undefined || !(ends === 'all' || ends.includes(name))) {
        continue;
      }
      channel.isOver = true;
      const text = channel.writer.end();
      const delta = deltas.findLast((candidate) => candidate.channel === name);
      channel.inserts.push(...(text === '' ? [] : [{ at: channel.length, text }]));
      if (text !== '' && delta !== undefined && splice !== undefined) {
        splice(delta, text);
      } else if (text !== '') {
        before += this.#newEvent(name, channel.like, text);
      }
    }
    return before;
  }

  #newEvent(name: string, like: StreamEvent, text: string): string {
    const data = this.#raw.toText(like.data);
    const made = this.#dialect?.delta({ name: like.name, data, json: parsed(data) }, name, text) ?? '';
    return this.#framing.make(like.name, this.#raw.fromText(made));
  }

  #placed(frame: Frame, { data }: StreamEvent, { path }: EventText, { at, text }: Insert): readonly Insert[] {
    const written = path === undefined ? frame.written(text) : JSON.stringify(text).slice(1, -1);
    const offset = path === undefined ? at : jsonOffset(data, path, at);
    return offset === undefined ? [] : [{ at: frame.rawAt(offset), text: this.#raw.fromText(written) }];
  }

  #channel(name: string): Channel {
    const known = this.#channels.get(name);
    const channel = known ?? { writer: this.#newWriter(), lead: '', like: undefined, inserts: [], length: 0, isOver: false };
    if (known === undefined) {
      this.#channels.set(name, channel);
    }
    return channel;
  }

  /** The dialect that read the event before is asked first. */
  #read(event: StreamEvent): EventParts | undefined {
    const parts = this.#dialect?.read(event);
    if (parts !== undefined) {
      return parts;
    }
    for (const dialect of this.#dialects) {
      const found = dialect.read(event);
      if (found !== undefined) {
        this.#dialect = found.deltas === undefined || found.deltas.length === 0 ? this.#dialect : dialect;
        return found;
      }
    }
    return undefined;
  }
}

const eventOf = ({ name, data = '' }: Frame): StreamEvent => ({ name, data, json: parsed(data) });

const parsed = (data: string): unknown => {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
};
