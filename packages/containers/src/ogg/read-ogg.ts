// Ogg files: RFC 3533; chained and multiplexed streams: §4.
import type { Anomaly, ByteSource } from '@aigc-label/core';
import { oggCodec } from './ogg-codec.ts';
import { endsWithPacket, type OggPage, readOggPage } from './page.ts';
import { isComplete, type OggComments, type OggStream, readOggComments } from './stream-headers.ts';

/** Pages that are followed to the comment headers of one link; each costs a read of 282 bytes. Enough for 60 MB of pictures. */
export const MAXIMUM_OGG_HEADER_PAGES: number = 1024;

/** Logical streams of an honest file: a film with its languages. */
export const MAXIMUM_OGG_STREAMS: number = 16;

/** A link of the chain: streams that begin together. */
export interface OggLink {
  readonly start: number;
  /** Behind the last page that was read. */
  readonly end: number;
  /** Those that have comments, in the order of their first pages. */
  readonly streams: readonly OggStream[];
  /** Of all streams that begin here, known or not. */
  readonly serials: ReadonlySet<number>;
  readonly comments: readonly OggComments[];
  /** Set where the headers could not be followed to their end. */
  readonly problem: string | undefined;
}

/** Reads the headers of the link that begins at `start`. */
export const readOggLink = async (source: ByteSource, start: number, key: string, site: string, anomalies: Anomaly[]): Promise<OggLink> => {
  const streams: OggStream[] = [];
  const serials = new Set<number>();
  let position = start;
  let problem: string | undefined;
  const stop = (code: Anomaly['code'], detail: string): void => {
    problem = detail;
    anomalies.push({ code, site, offset: position, detail });
  };
  let areAllFirst = true;
  for (let count = 0; areAllFirst || streams.some((stream) => !isComplete(stream)); count += 1) {
    const page: OggPage | undefined = await readOggPage(source, position);
    if (page === undefined || page.end > source.size) {
      const isCut = page !== undefined || source.size - position < 27;
      stop(isCut ? 'truncated' : 'damaged', isCut ? 'the file ends before its comment headers do' : 'there is no page where one must stand');
      break;
    }
    if (count === MAXIMUM_OGG_HEADER_PAGES) {
      stop('limit', `the comment headers take more than ${MAXIMUM_OGG_HEADER_PAGES} pages`);
      break;
    }
    areAllFirst &&= page.isFirst;
    if (page.isFirst && areAllFirst) {
      const known = oggCodec(await source.read(page.bodyAt, Math.min(8, page.bodyBytes)));
      if (serials.has(page.serial) || serials.size === MAXIMUM_OGG_STREAMS || !endsWithPacket(page)) {
        stop(serials.size === MAXIMUM_OGG_STREAMS ? 'limit' : 'damaged', 'a first page stands twice, is not whole, or there are too many streams');
        break;
      }
      serials.add(page.serial);
      if (known !== undefined) {
        streams.push({ codec: known, serial: page.serial, first: page, pages: [] });
      }
    } else {
      const stream = streams.find(({ serial }) => serial === page.serial);
      if (stream !== undefined && !isComplete(stream)) {
        stream.pages.push(page);
      }
    }
    position = page.end;
  }
  const comments: OggComments[] = [];
  for (const [index, stream] of streams.entries()) {
    const name = `${site}/${stream.codec.id}${index === 0 ? '' : `[${index}]`}`;
    const read = isComplete(stream) ? await readOggComments(source, stream, key, name, anomalies) : undefined;
    if (read !== undefined) {
      comments.push(read);
    }
  }
  return { start, end: position, streams, serials, comments, problem };
};
