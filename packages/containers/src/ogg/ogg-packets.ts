import { type ByteSource, concat, damaged, LabelError, u32le, viewOf } from '@aigc-label/core';
import { CHECKSUM_AT, OGG_CAPTURE, OGG_HEADER_BYTES, OGG_MAXIMUM_SEGMENTS, type OggPage, oggChecksum, readOggPage } from './page.ts';

/** The packets that end on a page; the first may have begun on an earlier one, and is then cut. */
export const packetsOfPage = async (source: ByteSource, { bodyAt, bodyBytes, lacing }: OggPage): Promise<readonly Uint8Array[]> => {
  const body = await source.read(bodyAt, bodyBytes);
  const packets: Uint8Array[] = [];
  let [start, end] = [0, 0];
  for (const length of lacing) {
    end += length;
    if (length < 255) {
      packets.push(body.slice(start, end));
      start = end;
    }
  }
  return packets;
};

/** What follows so many packets, for headers, which are small; memory is bounded by `limitBytes`. */
export interface LeadingPackets {
  readonly packets: readonly Uint8Array[];
  /** Where the page behind them begins. */
  readonly end: number;
  /** How many pages they take. */
  readonly pages: number;
}

/**
 * The first packets of a file that holds one stream, as long as `isMore` says of those so far.
 *
 * @throws LabelError `FILE_DAMAGED` where a page is missing or goes on behind them, `LIMIT_EXCEEDED` above `limitBytes`.
 */
export const leadingOggPackets = async (
  source: ByteSource,
  isMore: (packets: readonly Uint8Array[]) => boolean,
  limitBytes: number,
): Promise<LeadingPackets> => {
  const packets: Uint8Array[] = [];
  let rest: Uint8Array = new Uint8Array();
  let [at, pages] = [0, 0];
  while (isMore(packets)) {
    const page = await readOggPage(source, at);
    if (page === undefined || page.end > source.size) {
      throw damaged('ogg', at, 'the headers of the stream do not end');
    }
    if (page.end > limitBytes) {
      throw new LabelError('LIMIT_EXCEEDED', `The headers of the stream take more than ${limitBytes} bytes.`, { data: { site: 'ogg', limitBytes } });
    }
    const body = await source.read(page.bodyAt, page.bodyBytes);
    let [start, end] = [0, 0];
    for (const length of page.lacing) {
      end += length;
      if (length < 255) {
        packets.push(concat(rest, body.slice(start, end)));
        [rest, start] = [new Uint8Array(), end];
      }
    }
    rest = concat(rest, body.slice(start));
    at = page.end;
    pages += 1;
  }
  return { packets, end: at, pages };
};

/** A packet, and where the stream stands in time behind it. */
export interface TimedPacket {
  readonly bytes: Uint8Array;
  readonly granule: bigint;
}

/** How pages are written. */
export interface PageStyle {
  readonly serial: number;
  /** Of the first page. */
  readonly sequence: number;
  /** Whether the stream begins with them. */
  readonly isFirst?: boolean;
  /** Whether the stream ends with them. */
  readonly isLast: boolean;
  /** A page is full when it has as many packets. */
  readonly packetsPerPage: number;
}

/** Whole packets on pages of their own; a packet that is longer than a page goes on on the next. */
export const oggPages = (
  packets: readonly TimedPacket[],
  { serial, sequence, isFirst, isLast, packetsPerPage }: PageStyle,
): readonly Uint8Array[] => {
  const pages: Uint8Array[] = [];
  let [lacing, body, ended, granule, isContinued]: [number[], Uint8Array[], number, bigint, boolean] = [[], [], 0, -1n, false];
  const flush = (isEnd: boolean, continues: boolean): void => {
    const header = concat(OGG_CAPTURE, new Uint8Array(OGG_HEADER_BYTES - OGG_CAPTURE.length), Uint8Array.from(lacing));
    const view = viewOf(header);
    header[5] = (isContinued ? 1 : 0) | (isFirst === true && pages.length === 0 ? 2 : 0) | (isEnd ? 4 : 0);
    view.setBigInt64(6, granule, true);
    view.setUint32(14, serial, true);
    view.setUint32(18, (sequence + pages.length) >>> 0, true);
    header[26] = lacing.length;
    const content = concat(...body);
    header.set(u32le(oggChecksum(content, oggChecksum(header))), CHECKSUM_AT);
    pages.push(concat(header, content));
    [lacing, body, ended, granule, isContinued] = [[], [], 0, -1n, continues];
  };
  for (const [index, packet] of packets.entries()) {
    const segments = Math.floor(packet.bytes.length / 255) + 1;
    if (lacing.length > 0 && (ended === packetsPerPage || lacing.length + segments > OGG_MAXIMUM_SEGMENTS)) {
      flush(false, false);
    }
    for (let segment = 0; segment < segments; segment += 1) {
      if (lacing.length === OGG_MAXIMUM_SEGMENTS) {
        flush(false, true);
      }
      const part = packet.bytes.subarray(segment * 255, Math.min(packet.bytes.length, (segment + 1) * 255));
      lacing.push(part.length);
      body.push(part);
    }
    ended += 1;
    granule = packet.granule;
    if (index === packets.length - 1) {
      flush(isLast, false);
    }
  }
  return pages;
};
