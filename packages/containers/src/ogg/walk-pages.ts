import { type ByteSource, damaged, LabelError } from '@aigc-label/core';
import { OGG_MAXIMUM_HEADER_BYTES, type OggPage, parseOggPage } from './page.ts';

/** Read at once, in bytes; short pages lie close together. */
const WINDOW_BYTES = 64 << 10;

/** Pages of one file: ten hours with a page for every packet of 20 ms have 1.8 million; where they begin is held in memory. */
export const MAXIMUM_OGG_PAGES: number = 8_000_000;

/**
 * Visits the pages of a file from `start` to its end.
 *
 * @returns where each page begins. @throws LabelError `FILE_DAMAGED` where one does not follow the other or is cut, `LIMIT_EXCEEDED` above `MAXIMUM_OGG_PAGES`, and what `visit` throws.
 */
export const walkOggPages = async (source: ByteSource, start: number, visit: (page: OggPage, index: number) => void): Promise<Float64Array> => {
  let starts = new Float64Array(1024);
  let count = 0;
  let window = { bytes: new Uint8Array() as Uint8Array, start: 0 };
  for (let at = start; at < source.size; ) {
    if (at < window.start || at + OGG_MAXIMUM_HEADER_BYTES > window.start + window.bytes.length) {
      window = { bytes: await source.read(at, Math.min(WINDOW_BYTES, source.size - at)), start: at };
    }
    const page: OggPage | undefined = parseOggPage(window.bytes, at - window.start, at);
    if (page === undefined || page.end > source.size) {
      throw damaged('ogg', at, page === undefined ? 'there is no page where one must stand' : 'the file ends inside a page');
    }
    if (count === MAXIMUM_OGG_PAGES) {
      throw new LabelError('LIMIT_EXCEEDED', `The file has more than ${MAXIMUM_OGG_PAGES} pages; remux it with longer ones.`, {
        data: { site: 'ogg', limit: MAXIMUM_OGG_PAGES },
      });
    }
    if (count === starts.length) {
      const grown: Float64Array<ArrayBuffer> = new Float64Array(count * 2);
      grown.set(starts);
      starts = grown;
    }
    starts[count] = at;
    visit(page, count);
    count += 1;
    at = page.end;
  }
  return starts.slice(0, count);
};
