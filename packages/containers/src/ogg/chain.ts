// Chained streams (RFC 3533 §4): each link begins where the last page of the one before ends, and has serial numbers of its own.
import type { Anomaly, ByteSource } from '@aigc-label/core';
import { OGG_MAXIMUM_HEADER_BYTES, OGG_MAXIMUM_PAGE_BYTES, type OggPage, parseOggPage, readOggPage } from './page.ts';
import { type OggLink, readOggLink } from './read-ogg.ts';

/** Read at once while looking for a page, in bytes; most pages begin within it. */
const WINDOW_BYTES = 4096;

/** From here on the place where a link begins is found page by page, in bytes. */
const NEAR_BYTES = 16 << 10;

/** Links that are read: a recording of a week of radio, song by song, has fewer. */
export const MAXIMUM_OGG_LINKS: number = 4096;

/** The links of a file. */
export interface OggChain {
  readonly links: readonly OggLink[];
  /** Whether the last page of the file belongs to the last link: then none was missed. */
  readonly isWhole: boolean;
}

/** The last page of a file, and what follows it. */
export const readOggEnd = async (source: ByteSource, anomalies: Anomaly[], site: string): Promise<OggPage | undefined> => {
  const start = Math.max(0, source.size - OGG_MAXIMUM_PAGE_BYTES);
  const tail = await source.read(start, source.size - start);
  for (let offset = lastCapture(tail, tail.length); offset >= 0; offset = lastCapture(tail, offset)) {
    const page = parseOggPage(tail, offset, start + offset);
    if (page !== undefined) {
      if (page.end !== source.size) {
        const isCut = page.end > source.size;
        const detail = isCut ? 'the file ends inside a page' : 'bytes follow the last page';
        anomalies.push({ code: isCut ? 'truncated' : 'trailing_data', site, offset: isCut ? page.start : page.end, detail });
      }
      return page;
    }
  }
  anomalies.push({ code: 'trailing_data', site, offset: start, detail: 'no page stands at the end of the file' });
  return undefined;
};

/**
 * Reads all links. Where one begins is found by halving what is left, so that a file of any size costs little.
 *
 * @param budgetBytes that may be read to find links behind the first.
 */
export const readOggChain = async (source: ByteSource, key: string, site: string, budgetBytes: number, anomalies: Anomaly[]): Promise<OggChain> => {
  const links = [await readOggLink(source, 0, key, site, anomalies)];
  const last = await readOggEnd(source, anomalies, site);
  const budget = { left: budgetBytes };
  for (let link = links[0]; link !== undefined && link.problem === undefined && last !== undefined; link = links.at(-1)) {
    if (link.serials.has(last.serial)) {
      return { links, isWhole: true };
    }
    if (links.length === MAXIMUM_OGG_LINKS) {
      budget.left = -1;
    }
    const next = last.start < link.end || budget.left < 0 ? undefined : await findForeignPage(source, link, last, budget);
    if (next === undefined || !next.isFirst || next.start <= link.start) {
      const detail =
        budget.left < 0 ? 'there are more chained streams than are looked at' : 'pages of a stream that never began stand behind the others';
      anomalies.push({ code: budget.left < 0 ? 'limit' : 'damaged', site, offset: next?.start ?? link.end, detail });
      break;
    }
    budget.left -= WINDOW_BYTES;
    links.push(await readOggLink(source, next.start, key, `${site}[${links.length}]`, anomalies));
  }
  return { links, isWhole: false };
};

interface Budget {
  left: number;
}

/** The first page behind a link that belongs to none of its streams; `last` is such a page. */
const findForeignPage = async (source: ByteSource, link: OggLink, last: OggPage, budget: Budget): Promise<OggPage | undefined> => {
  let [low, high] = [link.end, last.start];
  let found = last;
  while (high - low > NEAR_BYTES && budget.left >= 0) {
    const middle = Math.floor((low + high) / 2);
    const page = await findPage(source, middle, high, budget);
    if (page === undefined) {
      high = middle;
    } else if (link.serials.has(page.serial)) {
      low = Math.min(page.end, high);
    } else {
      found = page;
      high = middle;
    }
  }
  while (low < high && budget.left >= 0) {
    budget.left -= OGG_MAXIMUM_HEADER_BYTES;
    const page = (await readOggPage(source, low)) ?? (await findPage(source, low, high, budget));
    if (page === undefined) {
      break;
    }
    if (!link.serials.has(page.serial)) {
      return page;
    }
    low = page.end;
  }
  return budget.left < 0 ? undefined : found;
};

/** The first page that begins between two offsets. */
const findPage = async (source: ByteSource, from: number, to: number, budget: Budget): Promise<OggPage | undefined> => {
  for (let position = from; position < to && budget.left >= 0; position += WINDOW_BYTES) {
    // A header that begins in the window is read to its end.
    const window = await source.read(position, Math.min(source.size - position, WINDOW_BYTES + OGG_MAXIMUM_HEADER_BYTES));
    budget.left -= window.length;
    for (
      let offset = nextCapture(window, 0);
      offset >= 0 && offset < WINDOW_BYTES && position + offset < to;
      offset = nextCapture(window, offset + 1)
    ) {
      const page = parseOggPage(window, offset, position + offset);
      if (page !== undefined) {
        return page;
      }
    }
  }
  return undefined;
};

const isCapture = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 0x4f && bytes[at + 1] === 0x67 && bytes[at + 2] === 0x67 && bytes[at + 3] === 0x53;

const nextCapture = (bytes: Uint8Array, from: number): number => {
  for (let at = bytes.indexOf(0x4f, from); at >= 0; at = bytes.indexOf(0x4f, at + 1)) {
    if (isCapture(bytes, at)) {
      return at;
    }
  }
  return -1;
};

const lastCapture = (bytes: Uint8Array, before: number): number => {
  for (let at = before - 1; at >= 0; at -= 1) {
    if (isCapture(bytes, at)) {
      return at;
    }
  }
  return -1;
};
