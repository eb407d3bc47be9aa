import { ascii, type ByteSource, viewOf } from '@aigc-label/core';
import { type Box, contentOf, setU64 } from './box.ts';
import type { BoxEdit } from './edit.ts';
import { getField, mapped, need, type OffsetTable, readTable, type TableBudget } from './offset-table.ts';

const HEAD_SIZE = 8; // version, flags, entry_count

/**
 * `stco` and `co64`: where each chunk of samples begins (ISO/IEC 14496-12 §8.7.5). A `stco` grows into `co64` where an offset passes 2^32 - 1.
 *
 * @throws LabelError `FILE_DAMAGED` where the count exceeds the box, `LIMIT_EXCEEDED` above the memory that is left.
 */
export const chunkOffsets = async (source: ByteSource, box: Box, parents: readonly Box[], memory: TableBudget): Promise<OffsetTable> => {
  const bytes = await readTable(source, box, memory);
  need(box, bytes, 0, HEAD_SIZE);
  const width = box.type === 'co64' ? 8 : 4;
  const count = viewOf(bytes).getUint32(4);
  need(box, bytes, HEAD_SIZE, count * width);
  const entry = (index: number): number => getField(bytes, { at: HEAD_SIZE + index * width, width });
  let maximum = 0;
  for (let index = 0; index < count; index += 1) {
    maximum = Math.max(maximum, entry(index));
  }
  const inside = [...parents, box];
  return {
    box,
    parents,
    growthBytes: width === 4 ? count * 4 : 0,
    overflows: (map) => width === 4 && count > 0 && map(maximum) > 0xffff_ffff,
    rewrite(map, isWidened): readonly BoxEdit[] {
      const newWidth = isWidened ? 8 : width;
      const insert = new Uint8Array(count * newWidth);
      const view = viewOf(insert);
      let hasMoved = false;
      for (let index = 0; index < count; index += 1) {
        const before = entry(index);
        const after = mapped(box, before, map);
        hasMoved ||= after !== before;
        if (newWidth === 8) {
          setU64(insert, index * 8, after);
        } else {
          view.setUint32(index * 4, after);
        }
      }
      const at = contentOf(box) + HEAD_SIZE;
      return [
        ...(hasMoved ? [{ at, remove: count * width, insert, parents: inside }] : []),
        ...(isWidened ? [{ at: box.offset + 4, remove: 4, insert: ascii('co64'), parents: inside }] : []),
      ];
    },
  };
};
