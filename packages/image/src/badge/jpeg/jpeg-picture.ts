/** A JPEG decoded as far as its coefficients, and written back with everything but the entropy-coded bytes and Huffman tables as it was. */
import { damaged, type Splice } from '@aigc-label/core';
import { type JpegFrame, parseJpeg } from './jpeg-frame.ts';
import { readScan } from './read-scan.ts';
import { writeScan } from './write-scan.ts';

/**
 * Decodes every scan.
 * @throws LabelError `FILE_DAMAGED` (a truncated picture is damaged, never grey), `LIMIT_EXCEEDED`, `NOTICE_UNSUPPORTED`.
 */
export const readJpeg = (bytes: Uint8Array, assertPixels: (pixels: number) => void): JpegFrame => {
  const frame = parseJpeg(bytes, assertPixels);
  assertScript(frame);
  for (const part of frame.parts) {
    if (part.kind === 'scan') {
      readScan(bytes, frame, part.scan);
    }
  }
  return frame;
};

/** The edits that code the coefficients anew, scan by scan: new Huffman tables before each SOS, the old ones gone. */
export const codingSplices = (frame: JpegFrame): readonly Splice[] =>
  frame.parts.flatMap((part, index): readonly Splice[] => {
    const next = frame.parts[index + 1];
    if (part.kind === 'tables') {
      return [{ at: part.start, remove: part.end - part.start, insert: new Uint8Array(0) }];
    }
    if (part.kind === 'scan' || next?.kind !== 'scan') {
      return [];
    }
    const { tables, entropy } = writeScan(frame, next.scan);
    const { entropyStart, entropyEnd } = next.scan;
    return [
      { at: part.start, remove: 0, insert: tables },
      { at: entropyStart, remove: entropyEnd - entropyStart, insert: entropy },
    ];
  });

/** Each bit of each coefficient is sent once and in order (G.1.1.1), else what a decoder shows and what we would write may differ. */
const assertScript = (frame: JpegFrame): void => {
  const known = new Map(frame.components.map((component) => [component, new Int8Array(64).fill(-1)]));
  for (const part of frame.parts) {
    if (part.kind !== 'scan') {
      continue;
    }
    const { components, spectralStart, spectralEnd, approximationHigh, approximationLow } = part.scan;
    for (const { component } of components) {
      const bits = known.get(component) ?? new Int8Array(64);
      for (let k = spectralStart; k <= spectralEnd; k += 1) {
        const isFirst = bits[k] === -1 && approximationHigh === 0;
        const refines = bits[k] === approximationHigh && approximationHigh === approximationLow + 1;
        if (!isFirst && !refines) {
          throw damaged('jpeg/SOS', part.start, `coefficient ${k} is sent out of turn`);
        }
        bits[k] = approximationLow;
      }
    }
  }
  if ([...known.values()].some((bits) => bits[0] === -1)) {
    throw damaged('jpeg', 0, 'a component has no scan');
  }
};
