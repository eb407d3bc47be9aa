import { type ByteSource, damaged, readBounded, viewOf } from '@aigc-label/core';
import { type Box, type BoxBudget, contentOf, contentSize, listBoxes } from './box.ts';
import type { MovieTrack, NestedBox } from './movie.ts';
import { required } from './sample-table.ts';

/** The fields of a visual sample entry before its boxes (ISO/IEC 14496-12 §12.1.3). */
const VISUAL_FIELDS_BYTES = 78;

/** A decoder's configuration: parameter sets take hundreds of bytes. */
const MAXIMUM_CONFIGURATION_BYTES = 1 << 20;

/** How the pictures of a track are coded. */
export interface VisualEntry extends NestedBox {
  /** Pixels as stored. */
  readonly width: number;
  readonly height: number;
  /** What stands in it, by type; the first of each. */
  readonly boxes: ReadonlyMap<string, NestedBox>;
}

/** The sample entries of a picture track. @throws LabelError `FILE_DAMAGED` where one is cut. */
export const visualEntries = async (source: ByteSource, track: MovieTrack, budget: BoxBudget): Promise<readonly VisualEntry[]> => {
  const stsd = required(track, 'stsd');
  const around = [...stsd.parents, stsd.box];
  const entries = await listBoxes(source, Math.min(stsd.box.end, contentOf(stsd.box) + 8), stsd.box.end, budget);
  const found: VisualEntry[] = [];
  for (const box of entries.boxes) {
    if (contentSize(box) < VISUAL_FIELDS_BYTES) {
      throw damaged(box.type, box.offset, 'the sample entry is cut');
    }
    const view = viewOf(await source.read(contentOf(box), VISUAL_FIELDS_BYTES));
    const inside = await listBoxes(source, contentOf(box) + VISUAL_FIELDS_BYTES, box.end, budget);
    const boxes = new Map<string, NestedBox>();
    for (const child of inside.boxes) {
      if (!boxes.has(child.type)) {
        boxes.set(child.type, { box: child, parents: [...around, box] });
      }
    }
    found.push({ box, parents: around, width: view.getUint16(24), height: view.getUint16(26), boxes });
  }
  return found;
};

/** The content of a box inside a sample entry. @throws LabelError `LIMIT_EXCEEDED`, `FILE_DAMAGED`. */
export const configurationBytes = (source: ByteSource, box: Box): Promise<Uint8Array> =>
  readBounded(source, contentOf(box), contentSize(box), MAXIMUM_CONFIGURATION_BYTES, box.type);
