// Builders of small Ogg files, and an own reader of their packets; none of it uses the reader under test.
import { type ByteSource, bytesSource, type Format } from '@aigc-label/core';
import { comments, foreignComments } from './comment-files.ts';
import { bytesOf, le32 } from './mp3-files.ts';

export interface PageOptions {
  readonly serial?: number;
  readonly sequence?: number;
  /** 1 continued, 2 first, 4 last. */
  readonly flags?: number;
  readonly granule?: number;
  /** Announced instead of the true checksum. */
  readonly checksum?: number;
}

/** Bit by bit, as RFC 3533 §6 has it. */
export const checksumOf = (bytes: Uint8Array): number => {
  let value = 0;
  for (const byte of bytes) {
    value ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) {
      value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1;
    }
  }
  return value >>> 0;
};

/** A page of these segments. */
export const page = (
  lacing: readonly number[],
  body: Uint8Array,
  { serial = 7, sequence = 0, flags = 0, granule = 0, checksum }: PageOptions = {},
): Uint8Array => {
  const make = (sum: number): Uint8Array =>
    bytesOf(
      'OggS',
      [0, flags],
      granule < 0 ? new Uint8Array(8).fill(255) : bytesOf(le32(granule), le32(0)),
      le32(serial),
      le32(sequence),
      le32(sum),
      lacing.length,
      lacing,
      body,
    );
  return make(checksum ?? checksumOf(make(0)));
};

export const lacingOf = (...packets: readonly Uint8Array[]): number[] =>
  packets.flatMap(({ length }) => [...new Array<number>(Math.floor(length / 255)).fill(255), length % 255]);

/** Packets that follow one another on pages of at most so many segments. */
export const pagesOf = (
  packets: readonly Uint8Array[],
  perPage: number,
  options: PageOptions & { readonly sequence: number },
): readonly Uint8Array[] => {
  const lacing = lacingOf(...packets);
  const body = bytesOf(...packets);
  let at = 0;
  return Array.from({ length: Math.ceil(lacing.length / perPage) }, (_, index) => {
    const part = lacing.slice(index * perPage, (index + 1) * perPage);
    const start = at;
    at += part.reduce((total, length) => total + length, 0);
    return page(part, body.subarray(start, at), {
      ...options,
      sequence: options.sequence + index,
      flags: index > 0 && lacing[index * perPage - 1] === 255 ? 1 : 0,
      granule: part.some((length) => length < 255) ? 0 : -1,
    });
  });
};

export const opusHead: Uint8Array = bytesOf('OpusHead', [1, 1, 0, 0], le32(48_000), [0, 0, 0]);
export const opusTags = (list: readonly (string | Uint8Array)[], options: { readonly count?: number } = {}): Uint8Array =>
  bytesOf('OpusTags', comments(list, options));
export const audioPacket: Uint8Array = bytesOf(0xfc, 'an audio packet');

export interface StreamOptions {
  readonly serial?: number;
  readonly perPage?: number;
  readonly head?: Uint8Array;
  readonly audio?: readonly Uint8Array[];
}

/** A logical stream: its first packet, the header packets, two pages of audio. */
export const stream = (headers: readonly Uint8Array[], { serial = 7, perPage = 255, head = opusHead }: StreamOptions = {}): readonly Uint8Array[] => {
  const pages = pagesOf(headers, perPage, { serial, sequence: 1 });
  const audio = (index: number, flags: number): Uint8Array =>
    page(lacingOf(audioPacket), audioPacket, { serial, sequence: 1 + pages.length + index, flags, granule: 960 * (index + 1) });
  return [page(lacingOf(head), head, { serial, flags: 2 }), ...pages, audio(0, 0), audio(1, 4)];
};

/** All that must stay: of each stream the numbers, flags and positions of its pages, and its packets, our comment cut out; all checksums are compared with our own. */
export const foreignPackets = (bytes: Uint8Array): unknown => {
  const file = Buffer.from(bytes);
  const streams = new Map<number, { pages: string[]; packets: string[]; open: Buffer[]; sums: boolean }>();
  let at = 0;
  while (file.toString('latin1', at, at + 4) === 'OggS') {
    const segments = file.readUInt8(at + 26);
    const serial = file.readUInt32LE(at + 14);
    const stream = streams.get(serial) ?? { pages: [], packets: [], open: [], sums: true };
    streams.set(serial, stream);
    let position = at + 27 + segments;
    for (const length of file.subarray(at + 27, at + 27 + segments)) {
      stream.open.push(file.subarray(position, position + length));
      position += length;
      if (length < 255) {
        stream.packets.push(packetText(Buffer.concat(stream.open), stream.packets.length));
        stream.open = [];
      }
    }
    const whole = Buffer.from(file.subarray(at, position));
    whole.writeUInt32LE(0, 22);
    stream.sums &&= checksumOf(whole) === file.readUInt32LE(at + 22);
    stream.pages.push(`${file.readUInt32LE(at + 18)} ${file.readUInt8(at + 5) & 6}`);
    at = position;
  }
  return { streams: [...streams], behind: file.subarray(at).toString('latin1') };
};

const packetText = (packet: Buffer, index: number): string => {
  const magic = ['\x03vorbis', 'OpusTags', '\x81theora'].find((one) => packet.toString('latin1', 0, one.length) === one);
  const start = magic?.length ?? ((packet.at(0) ?? 0) % 128 === 4 ? 4 : 0);
  return index !== 1 || packet.length < 12 || packet.readUInt32LE(start) > packet.length
    ? packet.toString('latin1')
    : JSON.stringify(foreignComments(packet.subarray(start)));
};

/** A file whose checksums are all right, so that damage gets past them. What says `OggS` inside a page is left alone. */
export const mended = (bytes: Uint8Array): Uint8Array => {
  const file = Buffer.from(bytes);
  for (let at = file.indexOf('OggS'); at >= 0 && at + 27 <= file.length; ) {
    const segments = file.readUInt8(at + 26);
    const end = file.subarray(at + 27, at + 27 + segments).reduce((total, length) => total + length, at + 27 + segments);
    file.writeUInt32LE(0, at + 22);
    file.writeUInt32LE(checksumOf(file.subarray(at, end)), at + 22);
    at = file.indexOf('OggS', end);
  }
  return new Uint8Array(file);
};

/** The format behind eyes that mend every checksum: damage then reaches what lies behind them. */
export const behindChecksums = (format: Format): Format => {
  const source = async (original: ByteSource): Promise<ByteSource> => bytesSource(mended(await original.read(0, original.size)));
  return {
    ...format,
    read: async (original) => format.read(await source(original)),
    plan: async (original, slot) => format.plan(await source(original), slot),
  };
};
