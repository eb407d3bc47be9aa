// JPEG XL and JPEG 2000 files for tests, built and taken apart without the code under test.
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { box, boxesIn, bytesOf, digest, number, withoutComment } from './boxes.ts';
import { withoutLabel } from './packets.ts';

export const SIGNATURE: Uint8Array = box('JXL ', '\r\n\x87\n');
export const FTYP: Uint8Array = box('ftyp', 'jxl ', number(0, 4), 'jxl ');
export const jxlFile = (...boxes: readonly Uint8Array[]): Uint8Array => bytesOf(SIGNATURE, FTYP, ...boxes);
export const brob = (type: string, content: Uint8Array): Uint8Array => box('brob', type, new Uint8Array(brotliCompressSync(content)));

/** Every box in order: XMP without its label (nothing where it then is empty), Exif without a comment that is one, the others by their bytes. */
export const foreignBoxes = (bytes: Uint8Array): unknown => {
  const file = Buffer.from(bytes);
  return boxesIn(bytes).flatMap(({ type, inside, end }): readonly string[] => {
    const name = type === 'brob' ? file.toString('latin1', inside, inside + 4) : type;
    const content = type === 'brob' ? inflated(file.subarray(inside + 4, end)) : file.subarray(inside, end);
    if (name === 'xml ' || (name === 'uuid' && content.includes('rdf:RDF'))) {
      const packet = withoutLabel(content.toString('utf8')).replace(/<rdf:Description[^<>]* TC260:AIGC="[^"]*"\/>/, '');
      return packet === '' ? [] : [`XMP ${packet}`];
    }
    if (name === 'Exif' || name === 'uuid') {
      return [`Exif ${withoutComment(content)}`];
    }
    return [`${type} ${digest(content)}`];
  });
};

const inflated = (bytes: Uint8Array): Buffer => {
  try {
    return brotliDecompressSync(bytes);
  } catch {
    return Buffer.from(bytes);
  }
};
