import { type ByteSource, LabelError } from '@aigc-label/core';
import { type ElementHeader, MAXIMUM_ELEMENT_HEADER_BYTES, parseElementHeader } from './element.ts';

/** Fetched at once where the elements are small and many, in bytes. */
const WINDOW_BYTES = 4096;

/** Elements that follow each other within this many bytes are small. */
const NEAR_BYTES = 64;

/** How many headers may be read, and how many bytes fetched for them; what is left is counted here. */
export interface HeaderBudget {
  headers: number;
  bytes: number;
}

/** For reading: twelve hours of clusters of a second each; less than 1 MiB is fetched. */
export const readingBudget = (): HeaderBudget => ({ headers: 50_000, bytes: 768 << 10 });

/** For planning, which has to know where everything stands: a day of a live recording, frame by frame. */
export const planningBudget = (): HeaderBudget => ({ headers: 10_000_000, bytes: 256 << 20 });

/** Reads the headers of elements one after another. */
export interface HeaderWindow {
  /** The header at `at`; `undefined` where there is none. Throws `LabelError` `LIMIT_EXCEEDED` where the budget is spent. */
  headerAt(at: number): Promise<ElementHeader | undefined>;
}

/** Reads headers in windows that grow where elements are small, so that neither clusters of a MiB nor a flood of tiny elements costs much. */
export const headerWindow = (source: ByteSource, budget: HeaderBudget): HeaderWindow => {
  let start = 0;
  let window: Uint8Array = new Uint8Array(0);
  let last = 0;
  return {
    async headerAt(at) {
      const wanted = Math.min(MAXIMUM_ELEMENT_HEADER_BYTES, source.size - at);
      if (wanted <= 0) {
        return undefined;
      }
      budget.headers -= 1;
      if (at < start || at + wanted > start + window.length) {
        const length = Math.min(at - last < NEAR_BYTES ? WINDOW_BYTES : MAXIMUM_ELEMENT_HEADER_BYTES, source.size - at);
        budget.bytes -= length;
        if (budget.bytes >= 0) {
          window = await source.read(at, length);
          start = at;
        }
      }
      if (budget.headers < 0 || budget.bytes < 0) {
        throw new LabelError('LIMIT_EXCEEDED', `The file has too many elements to be followed beyond byte ${at}; remux it.`, {
          data: { site: 'ebml', offset: at },
        });
      }
      last = at;
      return parseElementHeader(window, at - start);
    },
  };
};
