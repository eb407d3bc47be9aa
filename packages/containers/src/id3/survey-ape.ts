// All items of an APEv2 tag: wiki.hydrogenaud.io APE_Tag_Item.
import { type ByteSource, latin1, viewOf } from '@aigc-label/core';
import { APE_FOOTER_BYTES, readApeTag } from './ape.ts';

/** An item of a surveyed APE tag; offsets are of the file. */
export interface SurveyedApeItem {
  readonly key: string;
  readonly start: number;
  readonly valueAt: number;
  readonly end: number;
  /** Whether its flags say that it is text in UTF-8, or an address. */
  readonly isText: boolean;
}

/** An APEv2 tag that adds up, its reserved bytes zero. */
export interface ApeSurvey {
  readonly start: number;
  readonly end: number;
  readonly items: readonly SurveyedApeItem[];
}

/** The tag whose footer stands at `footerAt`; `undefined` where its items do not fill it or something stands in its reserved bytes. */
export const surveyApe = async (source: ByteSource, footerAt: number): Promise<ApeSurvey | undefined> => {
  const tag = await readApeTag(source, footerAt, NO_KEY, []);
  if (tag === undefined) {
    return undefined;
  }
  for (const at of tag.headerAt === undefined ? [footerAt] : [tag.headerAt, footerAt]) {
    if ((await source.read(at + RESERVED_AT, RESERVED_BYTES)).some((byte) => byte !== 0)) {
      return undefined;
    }
  }
  const items: SurveyedApeItem[] = [];
  let position = footerAt + APE_FOOTER_BYTES - tag.sizeBytes;
  const start = tag.headerAt ?? position;
  for (let index = 0; index < tag.itemCount; index += 1) {
    const head = await source.read(position, Math.min(ITEM_HEAD_BYTES, footerAt - position));
    const view = viewOf(head);
    const keyEnd = head.indexOf(0, 8);
    const valueAt = position + keyEnd + 1;
    const end = valueAt + view.getUint32(0, true);
    items.push({ key: latin1(head.subarray(8, keyEnd)), start: position, valueAt, end, isText: (view.getUint32(4, true) & IS_NO_TEXT) === 0 });
    position = end;
  }
  return { start, end: footerAt + APE_FOOTER_BYTES, items };
};

/** No item has an empty key. */
const NO_KEY = '';
const RESERVED_AT = 24;
const RESERVED_BYTES = 8;
// Size, flags, a key of 2 to 255 characters, its end.
const ITEM_HEAD_BYTES = 8 + 256;
// Bits 1 and 2: 0 text, 1 binary, 2 an address, 3 reserved.
const IS_NO_TEXT = 0x02;
