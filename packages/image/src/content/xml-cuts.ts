import { ascii, type ByteRange, type ContentPiece, equalBytes, startsWith } from '@aigc-label/core';
import { addCarrier } from './content-parts.ts';

/** An element. Offsets in bytes of the file. */
export interface CutElement {
  readonly name: string;
  readonly start: number;
  readonly openEnd: number;
  readonly closeStart: number;
  readonly end: number;
}

interface Cut extends ByteRange {
  /** What stands for it; a cut without is a carrier. */
  readonly value?: Uint8Array;
}

/** What is left out of an XML file. */
export interface XmlCuts {
  /** Leaves a stretch out: a property, a marker. */
  cut(range: ByteRange): void;
  /**
   * Treats an element that holds nothing but what was cut as labelling finds it where it puts a label into an element that closes itself, or into a new one: `<a b="c"></a>` is `<a b="c"/>`,
   * and one that begins with exactly `opening` is not there at all. Inner elements first.
   */
  collapse(element: CutElement, opening?: string): void;
  finish(): { readonly pieces: readonly ContentPiece[]; readonly carriers: readonly ByteRange[] };
}

const CLOSED: Uint8Array = ascii('/>');
const NOTHING: Uint8Array = new Uint8Array();
const GREATER = 0x3e;

/** Cuts in a file of UTF-8 or another superset of ASCII. */
export const xmlCuts = (bytes: Uint8Array): XmlCuts => {
  let cuts: Cut[] = [];
  const inOrder = (): readonly Cut[] => cuts.toSorted((a, b) => a.start - b.start);
  const isEmpty = (start: number, end: number): boolean => {
    let position = start;
    for (const cut of inOrder()) {
      if (cut.value === undefined && cut.start === position && cut.end <= end) {
        position = cut.end;
      }
    }
    return position === end;
  };
  return {
    cut(range) {
      cuts.push(range);
    },
    collapse({ name, start, openEnd, closeStart, end }, opening) {
      const isSelfClosing = closeStart === openEnd && end === openEnd;
      const isDropped =
        opening !== undefined &&
        (equalBytes(bytes.subarray(start, openEnd), bytesOf(`<${opening}>`)) || equalBytes(bytes.subarray(start, openEnd), bytesOf(`<${opening}/>`)));
      const isPlain = isSelfClosing || equalBytes(bytes.subarray(closeStart, end), bytesOf(`</${name}>`));
      if (!isPlain || !isEmpty(openEnd, closeStart)) {
        return;
      }
      if (isDropped) {
        cuts = [...cuts.filter((cut) => cut.start < start || cut.end > end), { start, end }];
      } else if (!isSelfClosing && bytes[openEnd - 1] === GREATER && !startsWith(bytes, CLOSED, openEnd - 2)) {
        cuts.push({ start: openEnd - 1, end: openEnd, value: CLOSED }, { start: closeStart, end, value: NOTHING });
      }
    },
    finish() {
      const pieces: ContentPiece[] = [];
      const carriers: ByteRange[] = [];
      let position = 0;
      for (const { start, end, value } of inOrder()) {
        if (start > position) {
          pieces.push({ start: position, end: start });
        }
        if (value === undefined) {
          addCarrier(carriers, { start, end });
        } else {
          pieces.push(value);
        }
        position = end;
      }
      return { pieces: position < bytes.length ? [...pieces, { start: position, end: bytes.length }] : pieces, carriers };
    },
  };
};

/** A name whose characters are bytes, or those of UTF-8; a name that is neither closes nothing. */
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (unit) => unit.charCodeAt(0));
