// APEv2: wiki.hydrogenaud.io APEv2_specification, APE_Tags_Header, APE_Tag_Item.
import { type Anomaly, ascii, type ByteSource, fromUtf8, latin1, type Splice, startsWith, u32le, viewOf } from '@aigc-label/core';

/** The length in bytes of an APE footer, and of its header. */
export const APE_FOOTER_BYTES: number = 32;

/** Items of an honest tag: each costs a read. */
export const MAXIMUM_APE_ITEMS: number = 4096;

/** The longest text that is read from an item, in bytes. */
export const MAXIMUM_APE_TEXT_BYTES: number = 64 << 10;

/** An item of an APE tag; offsets are of the file. */
export interface ApeItem {
  readonly start: number;
  readonly end: number;
  /** `undefined` where it is too long, or not UTF-8. */
  readonly text: string | undefined;
}

/** An APEv2 tag whose items fill it exactly. */
export interface ApeTag {
  readonly footerAt: number;
  readonly headerAt: number | undefined;
  readonly sizeBytes: number;
  readonly itemCount: number;
  /** Items with the key that was asked for; keys are compared without regard to case, as the specification wants. */
  readonly matches: readonly ApeItem[];
}

/** Whether these 32 bytes are the footer of an APE tag of version 1 or 2. */
export const isApeFooter = (bytes: Uint8Array): boolean =>
  bytes.length >= APE_FOOTER_BYTES && startsWith(bytes, PREAMBLE) && (viewOf(bytes).getUint32(20, true) & IS_HEADER) === 0;

/** Reads the APE tag whose footer stands at `footerAt`; damage is an anomaly, and then there is no tag. */
export const readApeTag = async (source: ByteSource, footerAt: number, key: string, anomalies: Anomaly[]): Promise<ApeTag | undefined> => {
  const footer = viewOf(await source.read(footerAt, APE_FOOTER_BYTES));
  const sizeBytes = footer.getUint32(12, true);
  const itemCount = footer.getUint32(16, true);
  const hasHeader = (footer.getUint32(20, true) & HAS_HEADER) !== 0;
  const itemsAt = footerAt + APE_FOOTER_BYTES - sizeBytes;
  const headerAt = hasHeader ? itemsAt - APE_FOOTER_BYTES : undefined;
  const bad = (offset: number, detail: string): undefined => {
    anomalies.push({ code: 'damaged', site: 'ape', offset: Math.max(0, offset), detail });
    return undefined;
  };
  if ((headerAt ?? itemsAt) < 0 || sizeBytes < APE_FOOTER_BYTES || itemCount > MAXIMUM_APE_ITEMS) {
    return bad(footerAt, `an APE tag of ${sizeBytes} bytes with ${itemCount} items does not fit`);
  }
  if (headerAt !== undefined && !startsWith(await source.read(headerAt, PREAMBLE.length), PREAMBLE)) {
    return bad(headerAt, 'the header of the APE tag is not where its footer says');
  }
  const matches: ApeItem[] = [];
  let position = itemsAt;
  for (let index = 0; index < itemCount; index += 1) {
    const head = await source.read(position, Math.max(0, Math.min(ITEM_HEAD_BYTES, footerAt - position)));
    const keyEnd = head.indexOf(0, 8);
    const valueBytes = head.length < 9 ? 0 : viewOf(head).getUint32(0, true);
    const start = position;
    const valueAt = position + keyEnd + 1;
    position = valueAt + valueBytes;
    if (keyEnd < 9 || position > footerAt) {
      return bad(start, 'an item reaches beyond the APE tag');
    }
    if (latin1(head.subarray(8, keyEnd)).toUpperCase() === key.toUpperCase()) {
      const isRead = valueBytes <= MAXIMUM_APE_TEXT_BYTES && matches.length < 2;
      const text = isRead ? fromUtf8(await source.read(valueAt, valueBytes)) : undefined;
      matches.push({ start, end: position, text });
      if (text === undefined) {
        anomalies.push({ code: isRead ? 'undecodable' : 'limit', site: 'ape', offset: start, detail: `item ${key} of ${valueBytes} bytes` });
      }
    }
  }
  return position === footerAt ? { footerAt, headerAt, sizeBytes, itemCount, matches } : bad(position, 'the items do not fill the APE tag');
};

/** The splices that take items out; sizes and counts of footer and header follow. */
export const removeApeItems = (tag: ApeTag, items: readonly ApeItem[]): readonly Splice[] => {
  if (items.length === 0) {
    return [];
  }
  const removed = items.reduce((total, { start, end }) => total + end - start, 0);
  const counts = (at: number): readonly Splice[] => [
    { at: at + 12, remove: 4, insert: u32le(tag.sizeBytes - removed) },
    { at: at + 16, remove: 4, insert: u32le(tag.itemCount - items.length) },
  ];
  return [
    ...(tag.headerAt === undefined ? [] : counts(tag.headerAt)),
    ...items.map(({ start, end }): Splice => ({ at: start, remove: end - start, insert: new Uint8Array() })),
    ...counts(tag.footerAt),
  ];
};

const PREAMBLE = ascii('APETAGEX');
const IS_HEADER = 0x20000000;
const HAS_HEADER = 0x80000000;
// Size, flags, a key of 2 to 255 characters, its end.
const ITEM_HEAD_BYTES = 8 + 256;
