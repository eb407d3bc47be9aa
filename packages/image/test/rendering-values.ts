import { ascii, concat } from '@aigc-label/core';

/** What Exif data say of how a picture is drawn. */
export interface ExifFacts {
  readonly orientation?: number;
  /** Of the orientation: 3 SHORT, as Exif has it, or 4 LONG. */
  readonly type?: 3 | 4;
  readonly colorSpace?: number;
  readonly interoperability?: string;
  readonly isLittle?: boolean;
}

/** Exif data from their TIFF header on, made by other means than the code that is tested. */
export const exifWith = ({ orientation, type: orientationType = 3, colorSpace, interoperability, isLittle = true }: ExifFacts): Uint8Array => {
  const bytes: number[] = [];
  const number = (size: 2 | 4, value: number): void => {
    const parts = Array.from({ length: size }, (_, index) => (value >>> (8 * index)) & 0xff);
    bytes.push(...(isLittle ? parts : parts.reverse()));
  };
  const directory = (entries: readonly (readonly [tag: number, type: number, count: number, value: number])[]): void => {
    number(2, entries.length);
    for (const [tag, type, count, value] of entries) {
      number(2, tag);
      number(2, type);
      number(4, count);
      if (type === 3) {
        number(2, value);
        number(2, 0);
      } else {
        number(4, value);
      }
    }
    number(4, 0);
  };
  const turned = orientation === undefined ? [] : ([[0x0112, orientationType, 1, orientation]] as const);
  const exifAt = 8 + 2 + 12 * (turned.length + 1) + 4;
  const coloured = colorSpace === undefined ? [] : ([[0xa001, 3, 1, colorSpace]] as const);
  const linked = interoperability === undefined ? [] : ([[0xa005, 4, 1, exifAt + 2 + 12 * (coloured.length + 1) + 4]] as const);
  number(4, 8);
  directory([...turned, [0x8769, 4, 1, exifAt]]);
  directory([...coloured, ...linked]);
  if (interoperability !== undefined) {
    number(2, 1);
    number(2, 1);
    number(2, 2);
    number(4, 4);
    bytes.push(...ascii(`${interoperability}\0`.padEnd(4, '\0')));
    number(4, 0);
  }
  return concat(ascii(isLittle ? 'II*\0' : 'MM\0*'), Uint8Array.from(bytes));
};
