import { type ByteSource, damaged, LabelError, viewOf } from '@aigc-label/core';
import { type Box, type BoxBudget, contentOf, contentSize, listBoxes } from './box.ts';
import { chunkOffsets } from './chunk-offsets.ts';
import type { BoxFile } from './file.ts';
import { auxiliaryOffsets, contentCredentials, fragmentHeader, randomAccess } from './fragment-offsets.ts';
import { itemLocations } from './item-locations.ts';
import { metaContentOffset } from './meta.ts';
import { MAXIMUM_FIELD_BYTES, MAXIMUM_TABLE_BYTES, type OffsetTable, type TableBudget } from './offset-table.ts';
import { segmentIndex } from './segment-index.ts';

export type { OffsetTable } from './offset-table.ts';

/** Boxes that are opened wherever they stand: players are as lenient with a damaged nesting, and an offset that they find must be right. */
const CONTAINERS: ReadonlySet<string> = new Set('moov trak mdia minf stbl udta meta moof traf mfra meco'.split(' '));

/** Parents in which an unreadable stretch is common and holds no offset table. */
const LENIENT: ReadonlySet<string> = new Set(['udta', 'meta']);

/** The standard nests six of them (`moov.trak.mdia.minf.stbl`, `moov.trak.udta.meta`). */
const MAXIMUM_DEPTH = 12;

/**
 * Every structure of the file that holds absolute offsets.
 *
 * @throws LabelError `FILE_DAMAGED` where one could hide in a broken parent, `FORMAT_UNSUPPORTED_FEATURE` for a compressed `moov` or samples in other files,
 * `LIMIT_EXCEEDED` above `MAXIMUM_TABLE_BYTES` or `MAXIMUM_FIELD_BYTES`.
 */
export const collectOffsetTables = async (source: ByteSource, file: BoxFile, budget: BoxBudget): Promise<readonly OffsetTable[]> => {
  const search: Search = { source, budget, chunkMemory: { left: MAXIMUM_TABLE_BYTES }, memory: { left: MAXIMUM_FIELD_BYTES }, tables: [] };
  for (const box of file.boxes) {
    if (box.type === 'sidx') {
      search.tables.push(await segmentIndex(source, box, [], search.memory));
    } else if (box.type === 'uuid') {
      search.tables.push(...(await contentCredentials(source, box)));
    } else {
      await searchBox(box.type === 'moof' ? { ...search, source: readAhead(source) } : search, box, []);
    }
  }
  return search.tables;
};

interface Search {
  readonly source: ByteSource;
  readonly budget: BoxBudget;
  readonly chunkMemory: TableBudget;
  readonly memory: TableBudget;
  readonly tables: OffsetTable[];
}

/** A fragment's headers lie close together: this many bytes at once save most of a long film's hundreds of thousands of reads. */
const READ_AHEAD_BYTES = 256;

const readAhead = (source: ByteSource): ByteSource => {
  let start = 0;
  let window: Uint8Array = new Uint8Array(0);
  return {
    size: source.size,
    async read(offset, length) {
      if (offset < start || offset + length > start + window.length) {
        if (length > READ_AHEAD_BYTES || offset + length > source.size) {
          return source.read(offset, length);
        }
        window = await source.read(offset, Math.min(READ_AHEAD_BYTES, source.size - offset));
        start = offset;
      }
      return window.subarray(offset - start, offset - start + length);
    },
  };
};

const searchInside = async (search: Search, box: Box, parents: readonly Box[]): Promise<void> => {
  const { source, budget } = search;
  const start = box.type === 'meta' ? await metaContentOffset(source, box) : contentOf(box);
  const { boxes, rest } = await listBoxes(source, start, box.end, budget);
  if (rest !== undefined && !LENIENT.has(box.type) && rest.kind !== 'short' && !rest.isZero) {
    throw damaged(box.type, rest.offset, 'what stands here is no box');
  }
  const inside = [...parents, box];
  if (inside.length > MAXIMUM_DEPTH) {
    throw new LabelError('LIMIT_EXCEEDED', `Boxes nest more than ${MAXIMUM_DEPTH} deep at byte ${box.offset}; remux the file.`, {
      data: { site: box.type, offset: box.offset, limit: MAXIMUM_DEPTH },
    });
  }
  for (const child of boxes) {
    await searchBox(search, child, inside);
  }
};

const searchBox = async (search: Search, box: Box, parents: readonly Box[]): Promise<void> => {
  const { source, chunkMemory, memory, tables } = search;
  const { type } = box;
  const isInside = (parent: string): boolean => parents.some((one) => one.type === parent);
  if (CONTAINERS.has(type)) {
    await searchInside(search, box, parents);
  } else if (type === 'stco' || type === 'co64') {
    tables.push(await chunkOffsets(source, box, parents, chunkMemory));
  } else if (type === 'saio' && !isInside('traf')) {
    tables.push(await auxiliaryOffsets(source, box, parents, memory));
  } else if (type === 'iloc') {
    tables.push(await itemLocations(source, box, parents, memory));
  } else if (type === 'tfhd') {
    tables.push(...(await fragmentHeader(source, box, parents, memory)));
  } else if (type === 'tfra') {
    tables.push(await randomAccess(source, box, parents, memory));
  } else if (type === 'cmov' || type === 'rmra') {
    throw unsupported(box, 'holds a compressed or referring index');
  } else if (type === 'dinf' && !isInside('meta')) {
    await refuseOtherFiles(search, box);
  }
};

/** Chunk offsets of a track whose samples lie in another file count in that file (§8.7.2): moving them would be wrong, and mixtures cannot be told apart here. */
const refuseOtherFiles = async ({ source, budget }: Search, dinf: Box): Promise<void> => {
  const { boxes } = await listBoxes(source, contentOf(dinf), dinf.end, budget);
  for (const dref of boxes.filter(({ type }) => type === 'dref')) {
    const entries = await listBoxes(source, Math.min(dref.end, contentOf(dref) + 8), dref.end, budget);
    for (const entry of entries.boxes) {
      // An entry without a location can only mean this file, whatever its flag says.
      if (contentSize(entry) > 4 && (viewOf(await source.read(contentOf(entry), 4)).getUint32(0) & 1) === 0) {
        throw unsupported(entry, 'says that samples lie in another file');
      }
    }
  }
};

const unsupported = (box: Box, what: string): LabelError =>
  new LabelError('FORMAT_UNSUPPORTED_FEATURE', `The box ${box.type} at byte ${box.offset} ${what}; export a self-contained file.`, {
    data: { site: box.type, offset: box.offset },
  });
