// ISO 19566-5 (JUMBF) as C2PA 2.2 §11.1 uses it: a superbox whose description has the UUID of a manifest store.
import { equalBytes, latin1, u32At } from '@aigc-label/core';

/** `c2pa`, then the tail that JUMBF gives to four-letter types. */
const MANIFEST_STORE: Uint8Array = Uint8Array.of(0x63, 0x32, 0x70, 0x61, 0x00, 0x11, 0x00, 0x10, 0x80, 0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71);
const BOX_HEADER_BYTES = 8;
/** Boxes of one store that are walked; real ones have some hundred. */
const MAXIMUM_BOXES = 10_000;
/** The largest store that is looked at: they hold thumbnails, and every store of the past. */
export const MAXIMUM_JUMBF_BYTES: number = 8 << 20;

/**
 * Whether these bytes are a C2PA manifest store and nothing else: boxes fill their parents to the byte, superboxes begin with their description. JUMBF of another type steers
 * rendering (JPEG XT, JPEG Snack), and is content.
 */
export const isManifestStore = (bytes: Uint8Array): boolean => {
  if (u32At(bytes, 0) !== bytes.length || latin1(bytes.subarray(4, 8)) !== 'jumb' || !equalBytes(bytes.subarray(16, 32), MANIFEST_STORE)) {
    return false;
  }
  const waiting = [{ start: BOX_HEADER_BYTES, end: bytes.length }];
  for (let count = 0; ; count += 1) {
    const parent = waiting.pop();
    if (parent === undefined) {
      return true;
    }
    if (parent.end - parent.start < BOX_HEADER_BYTES || latin1(bytes.subarray(parent.start + 4, parent.start + 8)) !== 'jumd') {
      return false;
    }
    for (let at = parent.start; at < parent.end; ) {
      const size = u32At(bytes, at);
      const end = at + size;
      count += 1;
      if (size < BOX_HEADER_BYTES || end > parent.end || count > MAXIMUM_BOXES) {
        return false;
      }
      if (latin1(bytes.subarray(at + 4, at + 8)) === 'jumb') {
        waiting.push({ start: at + BOX_HEADER_BYTES, end });
      }
      at = end;
    }
  }
};
