import { type ByteSource, viewOf } from '@aigc-label/core';
import { type Box, type BoxBudget, contentOf, contentSize, listBoxes } from './box.ts';
import type { Stretch } from './content-places.ts';
import { CLOSING, type Covered, leaf, leafHead, noBox, opening } from './content-records.ts';

/** Fields of a sample entry before its boxes, in bytes (ISO/IEC 14496-12 §12.1.3, §12.2.3); entries of other kinds are covered as they stand. */
const VISUAL_FIELDS_BYTES = 78;
const SOUND_FIELDS_BYTES = 28;
/** 3GPP's timed text (TS 26.245 §5.16). */
const TEXT_FIELDS_BYTES = 38;
const VISUAL: ReadonlySet<string> = new Set('avc1 avc3 hvc1 hev1 mp4v av01 vp08 vp09 s263 encv'.split(' '));
const SOUND: ReadonlySet<string> = new Set('mp4a Opus ac-3 ec-3 fLaC samr sawb alac enca'.split(' '));

/** `btrt` (§8.5.2): a header and three numbers. */
const BIT_RATES_BYTES = 20;

/** An `esds` is some tens of bytes long. */
const MAXIMUM_DESCRIPTOR_BYTES = 4096;

/** The sample descriptions of a track (`stsd`), without what they only estimate: bit rates, which ffmpeg works out anew. */
export const coverSampleDescriptions = async (source: ByteSource, box: Box, budget: BoxBudget, carriers: Stretch[]): Promise<readonly Covered[]> => {
  const start = contentOf(box) + 8;
  if (start > box.end) {
    return leaf(box);
  }
  const { boxes, rest } = await listBoxes(source, start, box.end, budget);
  const covered: Covered[] = [opening('stsd'), { start: contentOf(box), end: start }];
  for (const entry of boxes) {
    covered.push(...(await coverEntry(source, entry, budget, carriers)));
  }
  return [...covered, ...(rest === undefined ? [] : noBox({ start: rest.offset, end: box.end })), CLOSING];
};

const coverEntry = async (source: ByteSource, entry: Box, budget: BoxBudget, carriers: Stretch[]): Promise<readonly Covered[]> => {
  const fields = VISUAL.has(entry.type)
    ? VISUAL_FIELDS_BYTES
    : SOUND.has(entry.type)
      ? SOUND_FIELDS_BYTES
      : entry.type === 'tx3g'
        ? TEXT_FIELDS_BYTES
        : undefined;
  const start = contentOf(entry);
  if (fields === undefined || contentSize(entry) < fields) {
    return leaf(entry);
  }
  // QuickTime's later versions of sound have more fields.
  if (fields === SOUND_FIELDS_BYTES && viewOf(await source.read(start + 8, 2)).getUint16(0) !== 0) {
    return leaf(entry);
  }
  const { boxes, rest } = await listBoxes(source, start + fields, entry.end, budget);
  const covered: Covered[] = [opening(entry.type), { start, end: start + fields }];
  for (const child of boxes) {
    const rates = child.type === 'esds' ? await elementaryRates(source, child) : undefined;
    if (child.type === 'btrt' && child.size === BIT_RATES_BYTES) {
      carriers.push({ start: child.offset, end: child.end });
    } else if (rates !== undefined) {
      carriers.push(rates);
      covered.push(leafHead('esds', contentSize(child)), { start: contentOf(child), end: rates.start }, { start: rates.end, end: child.end });
    } else {
      covered.push(...leaf(child));
    }
  }
  return [...covered, ...(rest === undefined ? [] : noBox({ start: rest.offset, end: entry.end })), CLOSING];
};

/** Where maxBitrate and avgBitrate stand in an `esds` (ISO/IEC 14496-1 §7.2.6.6): in the DecoderConfigDescriptor, which is the first thing in the ES_Descriptor. */
const elementaryRates = async (source: ByteSource, box: Box): Promise<Stretch | undefined> => {
  if (contentSize(box) > MAXIMUM_DESCRIPTOR_BYTES) {
    return undefined;
  }
  const bytes = await source.read(contentOf(box), contentSize(box));
  const outer = descriptorAt(bytes, 4, 3);
  // Without flags nothing stands between ES_ID and the next descriptor.
  if (outer === undefined || bytes[outer.start + 2] === undefined || ((bytes[outer.start + 2] ?? 0) & 0xe0) !== 0) {
    return undefined;
  }
  const inner = descriptorAt(bytes, outer.start + 3, 4);
  return inner === undefined || inner.start + 13 > inner.end
    ? undefined
    : { start: contentOf(box) + inner.start + 5, end: contentOf(box) + inner.start + 13 };
};

const descriptorAt = (bytes: Uint8Array, at: number, tag: number): Stretch | undefined => {
  if (bytes[at] !== tag) {
    return undefined;
  }
  let length = 0;
  for (let index = at + 1; index < at + 5; index += 1) {
    const byte = bytes[index] ?? 0;
    length = length * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      const end = index + 1 + length;
      return end > bytes.length ? undefined : { start: index + 1, end };
    }
  }
  return undefined;
};
