/** A chunk of a stream of text: characters, or bytes of UTF-8. */
export type TextChunk = string | Uint8Array;

/** How chunks of one type are looked at: as they are, or a character for each byte, so that nothing is lost where a character is cut. */
export interface RawText {
  /** What a chunk holds, in raw characters. */
  readonly of: (chunk: TextChunk) => string;
  /** The chunk that holds them. */
  readonly chunk: (raw: string) => TextChunk;
  /** Text as raw characters. */
  readonly fromText: (text: string) => string;
  /** Raw characters as a person reads them. */
  readonly toText: (raw: string) => string;
}

const CHARACTERS: RawText = { of: String, chunk: String, fromText: String, toText: String };

/** Arguments of one call have a limit. */
const MOST_ARGUMENTS = 8192;

const ofBytes = (bytes: Uint8Array): string => {
  let raw = '';
  for (let at = 0; at < bytes.length; at += MOST_ARGUMENTS) {
    // An array-like serves as well as an array, and spreading one is ten times slower.
    raw += String.fromCharCode.apply(undefined, bytes.subarray(at, at + MOST_ARGUMENTS) as unknown as number[]);
  }
  return raw;
};
const toBytes = (raw: string): Uint8Array => {
  const bytes = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at += 1) {
    bytes[at] = raw.charCodeAt(at);
  }
  return bytes;
};

const BYTES: RawText = {
  of: (chunk) => (typeof chunk === 'string' ? chunk : ofBytes(chunk)),
  chunk: toBytes,
  fromText: (text) => ofBytes(new TextEncoder().encode(text)),
  toText: (raw) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(toBytes(raw)),
};

/**
 * How the chunks of a stream are looked at, told by its first.
 * @throws TypeError for what is neither text nor bytes.
 */
export const rawTextOf = (chunk: unknown): RawText => {
  if (typeof chunk === 'string') {
    return CHARACTERS;
  }
  if (chunk instanceof Uint8Array) {
    return BYTES;
  }
  throw new TypeError('a stream of text has chunks of strings or Uint8Array');
};

/** @throws TypeError where a chunk is not of the type of the first. */
export const assertSameType = (raw: RawText, chunk: unknown): void => {
  if (rawTextOf(chunk) !== raw) {
    throw new TypeError('a stream of text has chunks of strings or Uint8Array, not both');
  }
};

/** Raw text with more in it. */
export const withInserts = (raw: string, inserts: readonly { readonly at: number; readonly text: string }[]): string => {
  let out = '';
  let at = 0;
  for (const insert of inserts) {
    out += raw.slice(at, insert.at) + insert.text;
    at = insert.at;
  }
  return out + raw.slice(at);
};
