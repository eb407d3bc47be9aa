import { latin1 } from '../bytes/binary.ts';
import type { ByteSource } from '../bytes/source.ts';
import type { ByteRange } from '../ports/content.ts';
import type { Signal, SignalCode } from '../ports/signal.ts';

/** Metadata that is looked through in one file, in bytes; real files have some hundred KB at most, thumbnails aside. */
const MAXIMUM_BYTES = 2 << 20;

/**
 * Words that stand in XMP and in the CBOR of C2PA alike, whatever is around them: the IPTC digital source types
 * (http://cv.iptc.org/newscodes/digitalsourcetype/), C2PA's own label, and the namespace of TC260-PG-20259A.
 */
const WORDS: readonly (readonly [pattern: RegExp, code: SignalCode])[] = [
  [/[tT]rainedAlgorithmicMedia|digitalsourcetype\/(?:algorithmicMedia|compositeSynthetic)\b/g, 'generated_elsewhere'],
  [/digitalsourcetype\/(?:digitalCapture|computationalCapture)\b/g, 'captured_elsewhere'],
  // The description box of a manifest store: its type is a UUID that begins with "c2pa" (C2PA 2.2 §11.1.4.2).
  [/jumdc2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71/g, 'c2pa_manifest'],
];

/** Our own namespace, and whatever would be a label under it. */
const EMPTIED: RegExp = /http:\/\/www\.tc260\.org\.cn\/ns\/AIGC\/1\.0\//;

/** What the metadata of a file says of its origin besides the label; one signal of each kind, the first that stands there. Bounded; whatever the bytes are, it never throws for them. */
export const findSignals = async (source: ByteSource, carriers: readonly ByteRange[], hasLabel: boolean): Promise<readonly Signal[]> => {
  const found = new Map<SignalCode, number>();
  let left = MAXIMUM_BYTES;
  for (const { start, end } of carriers) {
    const length = Math.min(end - start, left);
    if (length <= 0) {
      break;
    }
    left -= length;
    const text = latin1(await source.read(start, length));
    for (const [pattern, code] of WORDS) {
      const [match] = text.matchAll(pattern);
      if (match !== undefined && !found.has(code)) {
        found.set(code, start + match.index);
      }
    }
    const empty = hasLabel ? -1 : text.search(EMPTIED);
    if (empty >= 0 && !found.has('emptied_carrier')) {
      found.set('emptied_carrier', start + empty);
    }
  }
  return [...found].map(([code, offset]) => ({ code, offset }));
};
