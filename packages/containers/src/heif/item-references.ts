import { latin1, viewOf } from '@aigc-label/core';
import type { Box } from '../isobmff/box.ts';
import { damagedTable, need } from '../isobmff/offset-table.ts';

/** One reference of `iref` (ISO/IEC 14496-12 §8.11.12). */
export interface ItemReference {
  /** `cdsc` describes, `thmb` is a thumbnail of, `auxl` is auxiliary to, `dimg` is made from. */
  readonly type: string;
  readonly from: number;
  readonly to: readonly number[];
}

/** An `iref` with the width of its identifiers, in bytes. */
export interface ItemReferences {
  readonly idWidth: 2 | 4;
  readonly references: readonly ItemReference[];
}

/** The content of an `iref`. Throws `LabelError` `FILE_DAMAGED` where it contradicts itself. */
export const parseItemReferences = (box: Box, bytes: Uint8Array): ItemReferences => {
  need(box, bytes, 0, 4);
  const view = viewOf(bytes);
  const version = view.getUint8(0);
  if (version > 1) {
    throw damagedTable(box, `its version ${version} is not known`);
  }
  const idWidth = version === 0 ? 2 : 4;
  const idAt = (at: number): number => (idWidth === 2 ? view.getUint16(at) : view.getUint32(at));
  const references: ItemReference[] = [];
  let at = 4;
  while (at < bytes.length) {
    need(box, bytes, at, 8 + idWidth + 2);
    const size = view.getUint32(at);
    const count = view.getUint16(at + 8 + idWidth);
    const start = at + 10 + idWidth;
    if (start + count * idWidth > at + size || at + size > bytes.length) {
      throw damagedTable(box, 'a reference leaves its list');
    }
    references.push({
      type: latin1(bytes.subarray(at + 4, at + 8)),
      from: idAt(at + 8),
      to: Array.from({ length: count }, (_, index) => idAt(start + index * idWidth)),
    });
    at += size;
  }
  return { idWidth, references };
};
