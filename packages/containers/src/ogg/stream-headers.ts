// The second packet of a logical stream, and the pages on which it stands: RFC 3533 §4, §6; Vorbis I §4.2 (header packets), §A.2 (their pages).
import { type Anomaly, type ByteSource, latin1, startsWith } from '@aigc-label/core';
import { readVorbisComments, type VorbisComments } from '../vorbis-comment/read-comments.ts';
import type { OggCodec } from './ogg-codec.ts';
import { endsWithPacket, isOggPageIntact, type OggPage } from './page.ts';

/** Bytes of header pages whose checksums are checked while reading; a list with pictures can be longer. */
const MAXIMUM_CHECKED_BYTES = 256 << 10;

/** A stream whose comment header is collected page by page. */
export interface OggStream {
  readonly codec: OggCodec;
  readonly serial: number;
  readonly first: OggPage;
  /** From the page on which the comment header begins to the first one behind it that ends with a packet. */
  readonly pages: OggPage[];
}

/** The comment header of a logical stream. */
export interface OggComments {
  readonly stream: OggStream;
  /** For slots and anomalies. */
  readonly site: string;
  /** The bodies of its pages, one behind the other. */
  readonly bodies: ByteSource;
  /** Offsets are of `bodies`. */
  readonly comments: VorbisComments;
  /** Where the comment header ends in `bodies`. */
  readonly packetEnd: number;
}

/** Whether the pages that were collected hold the whole comment header, and end with a packet. */
export const isComplete = ({ pages }: OggStream): boolean => {
  const last = pages.at(-1);
  return last !== undefined && endsWithPacket(last);
};

/** Bytes of the first packet on these pages, or `undefined` where it does not end on them. */
const firstPacketBytes = (pages: readonly OggPage[]): number | undefined => {
  let total = 0;
  for (const { lacing } of pages) {
    for (const length of lacing) {
      total += length;
      if (length < 255) {
        return total;
      }
    }
  }
  return undefined;
};

/** Page bodies as one source. */
const bodiesOf = (source: ByteSource, pages: readonly OggPage[]): ByteSource => {
  const starts: number[] = [];
  let size = 0;
  for (const { bodyBytes } of pages) {
    starts.push(size);
    size += bodyBytes;
  }
  return {
    size,
    async read(offset, length) {
      const bytes = new Uint8Array(length);
      // The last page that begins at or before the offset.
      let [low, high] = [0, starts.length];
      while (high - low > 1) {
        const middle = (low + high) >>> 1;
        [low, high] = (starts[middle] as number) <= offset ? [middle, high] : [low, middle];
      }
      for (let index = low, done = 0; done < length; index += 1) {
        const [page, start] = [pages[index], starts[index]];
        if (page === undefined || start === undefined) {
          return source.read(source.size, length);
        }
        const inside = offset + done - start;
        const part = Math.min(length - done, page.bodyBytes - inside);
        if (part > 0) {
          bytes.set(await source.read(page.bodyAt + inside, part), done);
          done += part;
        }
      }
      return bytes;
    },
  };
};

/** Reads the comment header of a stream whose pages were collected; what is wrong with it is said in `anomalies`, and then there is none. */
export const readOggComments = async (
  source: ByteSource,
  stream: OggStream,
  key: string,
  site: string,
  anomalies: Anomaly[],
): Promise<OggComments | undefined> => {
  const { codec, pages, first } = stream;
  const at = pages[0]?.start ?? first.end;
  const bad = (detail: string, offset: number = at): undefined => {
    anomalies.push({ code: 'damaged', site, offset, detail });
    return undefined;
  };
  const packetEnd = firstPacketBytes(pages);
  const jump = pages.findIndex(
    ({ sequence, isContinued }, index) => sequence !== first.sequence + 1 + index || isContinued !== isSpread(pages, index),
  );
  if (jump >= 0) {
    return bad('the pages of the comment header do not follow one another', pages[jump]?.start);
  }
  if (packetEnd === undefined) {
    return bad('the comment header does not end');
  }
  const bodies = bodiesOf(source, pages);
  const head = await bodies.read(0, Math.min(packetEnd, PREFIX_BYTES));
  const isFlac = codec.id === 'flac';
  if (!startsWith(head, codec.second) || (isFlac && (((head[0] ?? 0) & 0x7f) !== 4 || flacBlockBytes(head) !== packetEnd - FLAC_PREFIX_BYTES))) {
    return bad(`the second packet of the stream is no comment header (${latin1(head.subarray(0, 7)).replaceAll(/[^ -~]/g, '.')})`);
  }
  const read = await readVorbisComments(bodies, isFlac ? FLAC_PREFIX_BYTES : codec.second.length, packetEnd, { key, site });
  // Offsets inside pages laid end to end would mislead: the page is named.
  anomalies.push(...read.anomalies.map((anomaly) => ({ ...anomaly, offset: at })));
  let budget = MAXIMUM_CHECKED_BYTES;
  for (const page of [first, ...pages]) {
    budget -= page.bodyBytes;
    if (budget >= 0 && !(await isOggPageIntact(source, page))) {
      anomalies.push({ code: 'checksum', site, offset: page.start, detail: 'the checksum of the page is wrong' });
    }
  }
  return { stream, site, bodies, comments: read, packetEnd };
};

/** Whether a packet reaches from the page before into this one. */
const isSpread = (pages: readonly OggPage[], index: number): boolean => {
  const before = pages[index - 1];
  return before !== undefined && !endsWithPacket(before);
};

const PREFIX_BYTES = 16;

/** The header of the metadata block that a FLAC comment packet is. */
export const FLAC_PREFIX_BYTES = 4;

const flacBlockBytes = (head: Uint8Array): number => (head[1] ?? 0) * 2 ** 16 + (head[2] ?? 0) * 2 ** 8 + (head[3] ?? 0);
