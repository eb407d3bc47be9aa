import { type OggPage, packetsOfPage, readOggLink, readOggPage, walkOggPages } from '@aigc-label/containers';
import { type Anomaly, type ByteSource, damaged, type MarkCall } from '@aigc-label/core';
import { refuseAborted, unsupported } from './programme.ts';

/** The one stream of an Ogg file. */
export interface OggStreamPages {
  readonly serial: number;
  /** The first packet. */
  readonly head: Uint8Array;
  /** The comment header: the second packet. */
  readonly comments: Uint8Array;
  /** Where the page behind the comment header begins. */
  readonly start: number;
  /** The number of the page at `start`. */
  readonly sequence: number;
  /** Pages from there on. */
  readonly starts: Float64Array;
  readonly end: number;
}

/** A comment header with pictures is held in memory, up to so many bytes. */
const MAXIMUM_COMMENT_BYTES = 64 << 20;

/**
 * Reads the pages of a file that holds one stream.
 *
 * @throws LabelError `NOTICE_UNSUPPORTED` for several streams, beside or behind one another; `FILE_DAMAGED`, `LIMIT_EXCEEDED`.
 */
export const readOggStream = async (source: ByteSource, format: string, call: MarkCall): Promise<OggStreamPages> => {
  const anomalies: Anomaly[] = [];
  const link = await readOggLink(source, 0, 'AIGC', 'ogg', anomalies);
  const [stream] = link.streams;
  const [comments] = link.comments;
  if (link.serials.size > 1) {
    throw several(format);
  }
  if (stream === undefined || comments === undefined || link.problem !== undefined) {
    throw damaged('ogg', link.start, link.problem ?? 'its stream has no comment header');
  }
  if (comments.packetEnd > MAXIMUM_COMMENT_BYTES) {
    throw unsupported(format, 'its comments are longer than 64 MiB', 'Take a picture out of them.');
  }
  const starts = await walkOggPages(source, link.end, (page, index) => {
    if (page.serial !== stream.serial || page.isFirst) {
      throw several(format);
    }
    if (index % 1024 === 0) {
      refuseAborted(call);
    }
  });
  const first = starts[0] === undefined ? undefined : await readOggPage(source, starts[0]);
  const [head] = await packetsOfPage(source, stream.first);
  if (first === undefined || head === undefined) {
    throw damaged('ogg', link.end, 'no sound follows the headers');
  }
  return {
    serial: stream.serial,
    head,
    comments: await comments.bodies.read(0, comments.packetEnd),
    start: link.end,
    sequence: first.sequence,
    starts,
    end: source.size,
  };
};

const several = (format: string): Error =>
  unsupported(format, 'it holds several streams, beside or behind one another', 'Take them apart, or encode them as one.');

/** The page at an index. @throws LabelError `FILE_DAMAGED`. */
export const pageAt = async (source: ByteSource, { starts }: OggStreamPages, index: number): Promise<OggPage> => {
  const page = await readOggPage(source, starts[index] ?? source.size);
  if (page === undefined) {
    throw damaged('ogg', starts[index] ?? source.size, 'the page is no longer there');
  }
  return page;
};
