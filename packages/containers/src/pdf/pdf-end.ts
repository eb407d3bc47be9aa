// ISO 32000-1 §7.5.2 and §7.5.5: where a PDF begins, and where its last cross-reference section is named.
import { latin1, startsWith } from '@aigc-label/core';
import type { PdfSource } from './pdf-source.ts';
import { isPdfSpace } from './pdf-syntax.ts';

const HEADER = Uint8Array.of(0x25, 0x50, 0x44, 0x46, 0x2d);
const UTF8_MARK = Uint8Array.of(0xef, 0xbb, 0xbf);

/** Readers look for the header in this many bytes (ISO 32000-1 annex H, note 13). */
const MAXIMUM_HEADER_OFFSET = 1024;

/** Readers look for `%%EOF` in the last 1024 bytes (annex H, note 18); looking further finds what hides behind junk. */
const TAIL_BYTES = 1024;
const FAR_TAIL_BYTES = 64 << 10;

/** The offset of `%PDF-`, which white space or a byte order mark may stand before; `undefined` where other bytes do. */
export const pdfHeaderOffset = (head: Uint8Array): number | undefined => {
  let at = startsWith(head, UTF8_MARK) ? UTF8_MARK.length : 0;
  while (at < MAXIMUM_HEADER_OFFSET && isPdfSpace(head[at])) {
    at += 1;
  }
  return startsWith(head, HEADER, at) ? at : undefined;
};

/** The end of a PDF. */
export interface PdfEnd {
  /** What `startxref` says, counted from the header. */
  readonly startxref: number;
  /** Where `startxref` stands. */
  readonly at: number;
  /** Behind `%%EOF` and the ends of lines that follow it: where another revision begins. */
  readonly end: number;
  /** Whether `%%EOF` is there. */
  readonly isComplete: boolean;
  /** Bytes behind `end`, where they are more than NULs. */
  readonly trailingBytes: number;
}

/** Finds the last `startxref`; `undefined` where the last 64 KiB have none. */
export const findPdfEnd = async (source: PdfSource): Promise<PdfEnd | undefined> => {
  for (const length of [TAIL_BYTES, FAR_TAIL_BYTES]) {
    const start = Math.max(0, source.size - length);
    const tail = await source.read(start, source.size - start);
    const text = latin1(tail);
    const at = text.lastIndexOf('startxref');
    const found = at < 0 ? null : /^startxref[\0\t\n\f\r ]+(\d{1,15})[\0\t\n\f\r ]*(%%EOF)?/.exec(text.slice(at));
    if (found !== null) {
      let end = at + found[0].length;
      const isComplete = found[2] !== undefined;
      while (isComplete && isPdfSpace(tail[end]) && tail[end] !== 0) {
        end += 1;
      }
      const rest = tail.subarray(end);
      return {
        startxref: Number(found[1]),
        at: start + at,
        end: start + end,
        isComplete,
        trailingBytes: rest.every((byte) => isPdfSpace(byte)) ? 0 : rest.length,
      };
    }
  }
  return undefined;
};
