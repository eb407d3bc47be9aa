import { type ByteSource, viewOf } from '@aigc-label/core';
import type { Box } from './box.ts';
import { fieldEdit, fieldTooSmall, getField, mapped, need, type OffsetField, type OffsetTable, readTable, type TableBudget } from './offset-table.ts';

/**
 * `sidx`: its references count from the end of the box itself (ISO/IEC 14496-12 §8.16.3). Bytes that come in between are added to first_offset;
 * bytes inside a referenced stretch to that stretch's size.
 */
export const segmentIndex = async (source: ByteSource, box: Box, parents: readonly Box[], memory: TableBudget): Promise<OffsetTable> => {
  const bytes = await readTable(source, box, memory);
  need(box, bytes, 0, 12);
  const width = bytes[0] === 0 ? 4 : 8;
  const firstField: OffsetField = { at: 12 + width, width };
  const countAt = 12 + width * 2 + 2;
  need(box, bytes, 0, countAt + 2);
  const view = viewOf(bytes);
  const count = view.getUint16(countAt);
  need(box, bytes, countAt + 2, count * 12);
  return {
    box,
    parents,
    growthBytes: 0,
    overflows: () => false,
    rewrite(map) {
      const anchor = mapped(box, box.end, map);
      const first = getField(bytes, firstField);
      let position = box.end + first;
      const newFirst = mapped(box, position, map) - anchor;
      const edits = newFirst === first ? [] : [fieldEdit(box, parents, firstField, newFirst)];
      for (let index = 0; index < count; index += 1) {
        const at = countAt + 2 + index * 12;
        const word = view.getUint32(at);
        const size = word & 0x7fff_ffff;
        const newSize = mapped(box, position + size, map) - mapped(box, position, map);
        if (newSize !== size) {
          if (newSize < 0 || newSize > 0x7fff_ffff) {
            throw fieldTooSmall(box);
          }
          edits.push(fieldEdit(box, parents, { at, width: 4 }, (word >= 0x8000_0000 ? 0x8000_0000 : 0) + newSize));
        }
        position += size;
      }
      return edits;
    },
  };
};
