// Builders of small MP3 files, and an own cutter of what must stay untouched; none of it uses the reader under test.

export const bytesOf = (...parts: readonly (string | number | readonly number[] | Uint8Array)[]): Uint8Array =>
  new Uint8Array(
    Buffer.concat(
      parts.map((part) =>
        typeof part === 'number' ? Uint8Array.of(part) : typeof part === 'string' ? Buffer.from(part, 'latin1') : Uint8Array.from(part),
      ),
    ),
  );

export const be32 = (value: number): number[] => [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
export const le32 = (value: number): number[] => be32(value).reverse();
export const syncsafe = (value: number): number[] => [(value >>> 21) & 127, (value >>> 14) & 127, (value >>> 7) & 127, value & 127];

export type Version = 2 | 3 | 4;

export interface FrameOptions {
  readonly flags?: number;
  readonly plainSize?: boolean;
}

export const frame = (version: Version, id: string, content: Uint8Array, { flags = 0, plainSize = false }: FrameOptions = {}): Uint8Array =>
  version === 2
    ? bytesOf(id, be32(content.length).slice(1), content)
    : bytesOf(id, version === 4 && !plainSize ? syncsafe(content.length) : be32(content.length), [flags >>> 8, flags & 255], content);

export const textFrame = (version: Version, id: string, text: string): Uint8Array => frame(version, id, bytesOf(0, text));

export interface TagOptions {
  readonly flags?: number;
  readonly padding?: number;
  /** Bytes of an extended header, as they stand. */
  readonly extended?: Uint8Array;
  readonly footer?: boolean;
  readonly unsynchronise?: boolean;
}

export const tag = (
  version: Version,
  frames: readonly Uint8Array[],
  { flags = 0, padding = 0, extended, footer = false, unsynchronise = false }: TagOptions = {},
): Uint8Array => {
  const plain = bytesOf(extended ?? [], ...frames, new Uint8Array(padding));
  const inside = unsynchronise ? stuffed(plain) : plain;
  const allFlags = flags | (extended === undefined ? 0 : 0x40) | (footer ? 0x10 : 0) | (unsynchronise ? 0x80 : 0);
  const head = [version, 0, allFlags, ...syncsafe(inside.length)];
  return bytesOf('ID3', head, inside, ...(footer ? ['3DI', head] : []));
};

const stuffed = (bytes: Uint8Array): number[] =>
  [...bytes].flatMap((byte, index) => (byte === 255 && ((bytes[index + 1] ?? 0) === 0 || (bytes[index + 1] ?? 0) >= 0xe0) ? [255, 0] : [byte]));

/** Four MPEG-1 layer III frames of 128 kbit/s at 44.1 kHz, 417 bytes each. */
export const audio: Uint8Array = bytesOf(
  ...Array.from({ length: 4 }, (_, index) => bytesOf([0xff, 0xfb, 0x90, 0x64], new Uint8Array(32), new Uint8Array(381).fill(index + 1))),
);

export const id3v1: Uint8Array = bytesOf('TAG', 'Title'.padEnd(30, '\0'), 'Artist'.padEnd(30, '\0'), new Uint8Array(64), 7);
export const lyrics3: Uint8Array = (() => {
  const body = 'LYRICSBEGININD0000200LYR00005Hello';
  return bytesOf(body, String(body.length).padStart(6, '0'), 'LYRICS200');
})();

export const ape = (items: Readonly<Record<string, string>>, hasHeader = true): Uint8Array => {
  const body = bytesOf(...Object.entries(items).map(([key, value]) => bytesOf(le32(value.length), le32(0), key, 0, value)));
  const end = (isHeader: boolean): Uint8Array =>
    bytesOf(
      'APETAGEX',
      le32(2000),
      le32(body.length + 32),
      le32(Object.keys(items).length),
      le32(((hasHeader ? 0x80000000 : 0) | (isHeader ? 0x20000000 : 0)) >>> 0),
      new Uint8Array(8),
    );
  return bytesOf(hasHeader ? end(true) : [], body, end(false));
};

const UTF16 = { 'utf-16le': 0, 'utf-16be': 1 } as const;
const utf16 = (text: string, encoding: keyof typeof UTF16): Uint8Array => {
  const bytes = new Uint8Array(text.length * 2);
  [...text].forEach((character, index) => {
    bytes[index * 2 + UTF16[encoding]] = character.charCodeAt(0);
  });
  return bytes;
};

/** The content of a TXXX frame in each encoding of ID3v2. */
export const txxx: Readonly<Record<'latin1' | 'utf16' | 'utf16big' | 'utf16be' | 'utf8', (description: string, text: string) => Uint8Array>> = {
  latin1: (description, text) => bytesOf(0, `${description}\0${text}`),
  utf16: (description, text) => bytesOf(1, [255, 254], utf16(`${description}\0`, 'utf-16le'), [255, 254], utf16(text, 'utf-16le')),
  utf16big: (description, text) => bytesOf(1, [254, 255], utf16(`${description}\0`, 'utf-16be'), [254, 255], utf16(text, 'utf-16be')),
  utf16be: (description, text) => bytesOf(2, utf16(`${description}\0`, 'utf-16be'), utf16(text, 'utf-16be')),
  utf8: (description, text) => bytesOf(3, `${description}\0${text}\0`),
};

/** Whether the bytes of a frame name our key, in one byte a character or two; good enough for files made here. */
const isOurs = (bytes: Uint8Array): boolean => {
  const text = [...bytes.subarray(0, 48)].map((byte) => String.fromCharCode(byte)).join('');
  return /^(TXXX?|COMM?)/.test(text) && text.replaceAll('\0', '').includes('AIGC');
};

/** Everything of an MP3 that is not our label: versions, flags, foreign frames, all bytes behind the leading tags. */
export const foreignParts = (bytes: Uint8Array, { plainSize = false }: { readonly plainSize?: boolean } = {}): unknown => {
  const tags: unknown[] = [];
  let position = 0;
  while (bytes[position] === 0x49 && bytes[position + 1] === 0x44) {
    const head = bytes.subarray(position, position + 10);
    const size = [...head.subarray(6)].reduce((total, byte) => total * 128 + byte, 0);
    const version = head[3] as Version;
    const flags = head[5] as number;
    let inside = [...bytes.subarray(position + 10, position + 10 + size)];
    if (version < 4 && (flags & 0x80) !== 0) {
      inside = inside.filter((byte, index) => !(byte === 0 && inside[index - 1] === 255));
    }
    const extendedBytes = (flags & 0x40) === 0 || version === 2 ? 0 : version === 3 ? 10 : (inside[3] as number);
    const frames: unknown[] = [extendedBytes === 0 ? [] : inside.slice(0, extendedBytes)];
    let at = extendedBytes;
    while (at < inside.length && inside[at] !== 0) {
      const field = inside.slice(at + (version === 2 ? 3 : 4), at + (version === 2 ? 6 : 8));
      const length = field.reduce((total, byte) => total * (version === 4 && !plainSize ? 128 : 256) + byte, 0) + (version === 2 ? 6 : 10);
      const whole = inside.slice(at, at + length);
      if (!isOurs(Uint8Array.from(whole))) {
        frames.push(whole);
      }
      at += length;
    }
    const footer = (flags & 0x10) !== 0 && version === 4 ? 10 : 0;
    tags.push({ version, flags, frames });
    position += 10 + size + footer;
  }
  // A file without a tag gets one: what is compared is then what lies behind.
  return { tags: tags.length === 1 && isEmptyTag(tags[0]) ? [] : tags, rest: Buffer.from(bytes.subarray(position)).toString('latin1') };
};

const isEmptyTag = (value: unknown): boolean => JSON.stringify(value) === '{"version":3,"flags":0,"frames":[[]]}';
