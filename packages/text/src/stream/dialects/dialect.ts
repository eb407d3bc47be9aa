import type { JsonPath } from '../json-strings.ts';

/** An event as a dialect sees it. */
export interface StreamEvent {
  /** The `event` field of a server-sent event. */
  readonly name: string | undefined;
  readonly data: string;
  /** The data, parsed; `undefined` where it is not JSON. */
  readonly json: unknown;
}

/** Text in an event. */
export interface EventText {
  /** Which text of the stream it belongs to: there may be several answers side by side. */
  readonly channel: string;
  /** Where the string stands in the JSON; `undefined` where the data itself is the text. */
  readonly path: JsonPath | undefined;
  readonly text: string;
}

/** What an event says; nothing of it is tool calls, their arguments, refusals or thoughts. */
export interface EventParts {
  /** What follows the text so far. */
  readonly deltas?: readonly EventText[];
  /** The whole text once more. */
  readonly wholes?: readonly EventText[];
  /** The channels whose text is over with this event. */
  readonly ends?: readonly string[] | 'all';
}

/** How one kind of service streams the text of a model. A new dialect is one new file. */
export interface StreamDialect {
  readonly id: string;
  /** What the event says; `undefined` for one that is not of this dialect. Never throws. */
  read(event: StreamEvent): EventParts | undefined;
  /** The data of a new event that adds text to a channel, in the image of the last event with text of it. */
  delta(like: StreamEvent, channel: string, text: string): string;
}

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The value where it is a JSON object. */
export const objectOf = (value: unknown): JsonObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;

/** The items where it is an array. */
export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The members that say what an event belongs to; what is counted or measured is left out. */
export const envelopeOf = (json: unknown): JsonObject =>
  Object.fromEntries(Object.entries(objectOf(json) ?? {}).filter(([, value]) => typeof value !== 'object' || value === null));
