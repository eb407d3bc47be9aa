// What of an Ogg file is content (spec/content/audio.md §6): pages as they stand, numbers and serials as they would be without comments.
import {
  FLAC_PREFIX_BYTES,
  isOggPageIntact,
  normalOggHeader,
  OGG_MAXIMUM_HEADER_BYTES,
  type OggComments,
  type OggLink,
  type OggPage,
  parseOggPage,
  readOggChain,
} from '@aigc-label/containers';
import { type ByteRange, type ByteSource, type ContentPiece, type ContentPlan, damaged, joinedRanges } from '@aigc-label/core';
import { commentsContent } from './comments-content.ts';
import { type ContentSheet, contentPlan, contentSheet, cover, valueLine } from './content-sheet.ts';

/** Bytes that may be read to find chained streams; as many as while labelling. */
const CHAIN_BYTES = 64 << 20;

/**
 * The content of an Ogg file: `ogg-1`.
 *
 * @throws LabelError `FILE_DAMAGED` where the headers of its streams do not end, or a page of a comment header has a wrong checksum.
 */
export const oggContent = async (source: ByteSource): Promise<ContentPlan> => {
  const sheet = contentSheet();
  const { links } = await readOggChain(source, 'AIGC', 'ogg', CHAIN_BYTES, []);
  const bad = links.find(({ problem }) => problem !== undefined);
  if (bad?.problem !== undefined) {
    throw damaged('ogg', bad.start, bad.problem);
  }
  const pages: PageRules[] = [];
  for (const [index, link] of links.entries()) {
    pages.push(await linkContent(source, link, links[index + 1]?.start ?? source.size, sheet));
  }
  sheet.parts.push({ name: 'pages', pieces: () => pagePieces(source, pages), isPerceived: true });
  return contentPlan('ogg-1', sheet);
};

/** How the pages of a link are numbered anew. */
interface PageRules {
  readonly start: number;
  readonly end: number;
  /** Where header pages begin that are covered otherwise. */
  readonly leftOut: ReadonlySet<number>;
  /** What each serial becomes, and the number from which its pages count. */
  readonly streams: ReadonlyMap<number, { readonly serial: number; readonly base: number }>;
}

const linkContent = async (source: ByteSource, link: OggLink, end: number, sheet: ContentSheet): Promise<PageRules> => {
  const leftOut = new Set<number>();
  const streams = new Map<number, { readonly serial: number; readonly base: number }>();
  for (const [serial, old] of [...link.serials].entries()) {
    streams.set(old, { serial, base: 0 });
  }
  for (const comments of link.comments) {
    const { serial, first, pages } = comments.stream;
    const number = streams.get(serial)?.serial ?? 0;
    const name = `stream ${number}`;
    cover(sheet, `${name}/first`, normalOggHeader(first, number, 0), { start: first.bodyAt, end: first.end });
    await headerContent(source, comments, name, sheet);
    streams.set(serial, { serial: number, base: first.sequence + 1 + pages.length });
    for (const page of [first, ...pages]) {
      leftOut.add(page.start);
    }
  }
  return { start: link.start, end, leftOut, streams };
};

/** The pages of a comment header: their checksums must be right, since what they say of themselves is not covered. */
const headerContent = async (source: ByteSource, { stream, bodies, packetEnd }: OggComments, name: string, sheet: ContentSheet): Promise<void> => {
  const { codec, pages } = stream;
  for (const page of pages) {
    if (!(await isOggPageIntact(source, page))) {
      throw damaged('ogg', page.start, 'the checksum of a page of the comments is wrong');
    }
  }
  // Time and end are those of headers; anything else is said.
  const odd = pages
    .flatMap(({ header }) => [header.subarray(6, 14).join(' '), `flags ${(header[5] ?? 0) & ~1}`])
    .filter((text) => !ORDINARY.has(text));
  const lengths = packetLengths(pages).slice(1);
  const listAt = codec.id === 'flac' ? FLAC_PREFIX_BYTES : codec.second.length;
  const ranges = (start: number, end: number): readonly ByteRange[] => fileRanges(pages, start, end);
  const list = await commentsContent(bodies, listAt, packetEnd, `ogg/${codec.id}`);
  const covered = list === undefined ? [{ name: 'comments', start: listAt, end: packetEnd }] : [...list.covered];
  const listEnd = list?.end ?? packetEnd;
  if (listEnd < packetEnd && !(await isZeroIn(bodies, listEnd, packetEnd))) {
    covered.push({ name: 'rest', start: listEnd, end: packetEnd });
  }
  sheet.anomalies.push(...(list?.anomalies ?? []).map((anomaly) => ({ ...anomaly, offset: pages[0]?.start ?? 0 })));
  // Of a FLAC block header its length follows from the packet.
  cover(sheet, `${name}/second`, ...ranges(0, codec.id === 'flac' ? 1 : listAt));
  for (const { name: comment, start, end } of covered) {
    cover(sheet, `${name}/${comment}`, ...ranges(start, end));
  }
  sheet.parts.push({
    name: `${name}/headers`,
    pieces: [valueLine(...lengths), ...odd.map((text) => valueLine(text)), ...ranges(packetEnd, bodies.size)],
  });
  let position = listAt;
  for (const { start, end } of [...joinedRanges(covered), { start: packetEnd, end: packetEnd }]) {
    sheet.carriers.push(...ranges(position, start));
    position = Math.max(position, end);
  }
};

/** The time of header pages: 0, or −1 where no packet ends; and no flag but that a packet goes on. */
const ORDINARY: ReadonlySet<string> = new Set(['0 0 0 0 0 0 0 0', '255 255 255 255 255 255 255 255', 'flags 0']);

/** The lengths of packets on these pages; the last may go on. */
const packetLengths = (pages: readonly OggPage[]): readonly number[] => {
  const lengths: number[] = [];
  let length = 0;
  for (const { lacing } of pages) {
    for (const segment of lacing) {
      length += segment;
      if (segment < 255) {
        lengths.push(length);
        length = 0;
      }
    }
  }
  return length === 0 ? lengths : [...lengths, length];
};

/** Where bytes of the pages' bodies stand in the file. */
const fileRanges = (pages: readonly OggPage[], start: number, end: number): readonly ByteRange[] => {
  const ranges: ByteRange[] = [];
  let at = 0;
  for (const { bodyAt, bodyBytes } of pages) {
    const [from, to] = [Math.max(start, at), Math.min(end, at + bodyBytes)];
    if (from < to) {
      ranges.push({ start: bodyAt + from - at, end: bodyAt + to - at });
    }
    at += bodyBytes;
  }
  return ranges;
};

/** Read at once, in bytes. */
const WINDOW_BYTES = 64 << 10;

const isZeroIn = async (bodies: ByteSource, start: number, end: number): Promise<boolean> => {
  for (let at = start; at < end; at += WINDOW_BYTES) {
    if ((await bodies.read(at, Math.min(WINDOW_BYTES, end - at))).some((byte) => byte !== 0)) {
      return false;
    }
  }
  return true;
};

/** All pages but those of comment headers; from where none stands, what stands there. */
async function* pagePieces(source: ByteSource, links: readonly PageRules[]): AsyncGenerator<ContentPiece> {
  let window = { bytes: new Uint8Array() as Uint8Array, start: 0 };
  for (const { start, end, leftOut, streams } of links) {
    for (let at = start; at < end; ) {
      if (at < window.start || at + OGG_MAXIMUM_HEADER_BYTES > window.start + window.bytes.length) {
        window = { bytes: await source.read(at, Math.min(WINDOW_BYTES, source.size - at)), start: at };
      }
      const page = parseOggPage(window.bytes, at - window.start, at);
      if (page === undefined || page.end > end) {
        yield { start: at, end };
        break;
      }
      if (!leftOut.has(at)) {
        const stream = streams.get(page.serial);
        yield stream === undefined ? page.header : normalOggHeader(page, stream.serial, page.sequence - stream.base);
        yield { start: page.bodyAt, end: page.end };
      }
      at = page.end;
    }
  }
}
