import { type Anomaly, type ByteSource, isLooseLabel, latin1, type Slot, viewOf } from '@aigc-label/core';
import { LABEL_KEY } from './place.ts';

/** SOC and SIZ: how a codestream begins (ISO/IEC 15444-1 §A.4, A.5). */
export const J2K_START: Uint8Array = Uint8Array.of(0xff, 0x4f, 0xff, 0x51);

const COMMENT = 0xff64;
const TILE_PART = 0xff90;
/** The comment is text, not bytes (ISO/IEC 15444-1 §A.9.2). */
const TEXT = 1;

/** Segments of a main header that are looked at: real ones have some tens. */
const MAXIMUM_SEGMENTS = 1_000;

/** Comments that are read, of up to 64 KiB each; encoders write one or two. */
const MAXIMUM_COMMENTS = 16;

/** The labels in the comments (COM) of a codestream's main header (spec/labels.md §5.1, rows 12 and 13). */
export const j2kComments = async (source: ByteSource): Promise<{ readonly found: readonly Slot[]; readonly anomalies: readonly Anomaly[] }> => {
  const found: Slot[] = [];
  let comments = 0;
  let at = 2;
  for (let count = 0; count < MAXIMUM_SEGMENTS; count += 1) {
    if (at + 4 > source.size) {
      return { found, anomalies: [{ code: 'truncated', site: 'j2k', offset: at, detail: 'the main header ends early' }] };
    }
    const head = viewOf(await source.read(at, 4));
    const marker = head.getUint16(0);
    const length = head.getUint16(2);
    if (marker === TILE_PART) {
      return { found, anomalies: [] };
    }
    if (marker < 0xff00 || length < 2 || at + 2 + length > source.size) {
      return { found, anomalies: [{ code: 'damaged', site: 'j2k', offset: at, detail: 'what stands here is no marker segment' }] };
    }
    if (marker === COMMENT && length > 4 && comments < MAXIMUM_COMMENTS) {
      comments += 1;
      const content = await source.read(at + 4, length - 2);
      const value = latin1(content.subarray(2));
      if (viewOf(content).getUint16(0) === TEXT && isLooseLabel(value, LABEL_KEY)) {
        found.push({ key: LABEL_KEY, site: `j2k/COM[${comments - 1}]`, isGuidePlace: false, value });
      }
    }
    at += 2 + length;
  }
  return { found, anomalies: [{ code: 'limit', site: 'j2k', offset: at, detail: `more than ${MAXIMUM_SEGMENTS} marker segments` }] };
};
