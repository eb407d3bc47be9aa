import { type Box, type BoxBudget, contentOf, contentSize, listBoxes, readMetaValue } from '@aigc-label/containers';
import { type ByteSource, fromUtf8, TC260_XMP } from '@aigc-label/core';

/** A value that we read: a label has 0.5 KiB, a signed one 4 KiB. */
export const MAXIMUM_VALUE_BYTES: number = 1 << 16;

/** The text of a metadata item, `undefined` where it has none or too much of it. */
export interface ItemText {
  readonly value: string | undefined;
  /** Whether it is stored as the guide says: one `data` box, type 1 (UTF-8), locale 0. */
  readonly isCanonical: boolean;
}

/** Reads the first `data` box of an item: UTF-8, or UTF-16 where it says so. */
export const itemText = async (source: ByteSource, item: Box, budget: BoxBudget): Promise<ItemText> => {
  const { boxes, rest } = await listBoxes(source, contentOf(item), item.end, budget);
  const data = boxes.find(({ type }) => type === 'data');
  const stored = data === undefined ? undefined : await readMetaValue(source, data, MAXIMUM_VALUE_BYTES);
  if (stored === undefined) {
    return { value: undefined, isCanonical: false };
  }
  const value = stored.type === 2 ? fromUtf16(stored.bytes) : fromUtf8(stored.bytes);
  return { value, isCanonical: boxes.length === 1 && rest === undefined && stored.type === 1 && stored.locale === 0 };
};

const fromUtf16 = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-16be', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** Home-made boxes hold the bare text, or put version and flags, or QuickTime's length and language, in front of it. */
export const userDataText = async (source: ByteSource, box: Box): Promise<string | undefined> => {
  if (contentSize(box) > MAXIMUM_VALUE_BYTES) {
    return undefined;
  }
  const bytes = await source.read(contentOf(box), contentSize(box));
  const brace = bytes.subarray(0, 24).indexOf(0x7b);
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) {
    end -= 1;
  }
  return fromUtf8(bytes.subarray(Math.max(0, brace), end));
};

/** Whether a text that stands under somebody else's name is our mapping and nothing else, wrapped or bare; only then is it ours to replace. */
export const isLabelText = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    const names = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
    return (names.length === 1 && names[0] === TC260_XMP.name) || ['Label', 'ContentProducer', 'ProduceID'].every((name) => names.includes(name));
  } catch {
    return false;
  }
};
