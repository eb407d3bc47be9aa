import { type Anomaly, type ByteSource, LabelError, readBounded, viewOf } from '@aigc-label/core';
import { type Box, type BoxBudget, contentOf, contentSize, listBoxes } from '../isobmff/box.ts';
import { type BoxFile, readBoxFile } from '../isobmff/file.ts';
import { type ItemLocations, parseItemLocations } from '../isobmff/item-locations.ts';
import { metaContentOffset } from '../isobmff/meta.ts';
import { type ItemInfos, parseItemInfos } from './item-infos.ts';
import { type ItemReferences, parseItemReferences } from './item-references.ts';

/** Each table of items is read whole up to this size, in bytes: a picture of ten thousand tiles needs less than half of it. */
const MAXIMUM_TABLE_BYTES = 1 << 20;

/** Entity groups whose identifiers are looked at; a burst of pictures has some tens. */
const MAXIMUM_GROUPS = 1_000;

/** A table of the `meta` box. */
export interface HeifTable<Content> {
  readonly box: Box;
  readonly content: Content;
}

/** The items of a HEIF file (ISO/IEC 23008-12 §6): those of the first `meta` box at the top of the file. */
export interface Heif {
  readonly file: BoxFile;
  readonly meta?: Box;
  /** Where the last whole child of `meta` ends. */
  readonly metaEnd: number;
  /** Identifier of the picture that is shown. */
  readonly primary?: number;
  readonly infos?: HeifTable<ItemInfos>;
  readonly locations?: HeifTable<ItemLocations>;
  readonly references?: HeifTable<ItemReferences>;
  /** Data that stands in `meta` itself. */
  readonly idat?: Box;
  /** Identifiers of groups: an item may not have one of them (ISO/IEC 14496-12 §8.18.3). */
  readonly groups: readonly number[];
  readonly anomalies: readonly Anomaly[];
  /** The first damage that forbids any edit. */
  readonly fault?: LabelError;
}

/**
 * Reads the tables of items; damage is an anomaly beside whatever could be read.
 *
 * @throws LabelError `LIMIT_EXCEEDED` where there are too many boxes.
 */
export const readHeif = async (source: ByteSource, budget: BoxBudget): Promise<Heif> => {
  const file = await readBoxFile(source, budget);
  const anomalies: Anomaly[] = [];
  const faults: LabelError[] = [];
  const note = (error: LabelError, box: Box): void => {
    faults.push(error);
    const code = error.code === 'LIMIT_EXCEEDED' ? 'limit' : 'damaged';
    anomalies.push({ code, site: `heif/${box.type}`, offset: box.offset, detail: String(error.data['what'] ?? error.message) });
  };
  const cut = file.rest?.kind === 'overrun' && file.rest.box?.type === 'meta' ? [file.rest.box] : [];
  const [meta, second] = [...file.boxes.filter(({ type }) => type === 'meta'), ...cut];
  if (meta === undefined) {
    return { file, metaEnd: 0, groups: [], anomalies };
  }
  if (second !== undefined) {
    note(twice('meta', second), second);
  }
  const start = await metaContentOffset(source, meta);
  const { boxes, end, rest } = await listBoxes(source, start, meta.end, budget);
  if (rest !== undefined && !rest.isZero) {
    note(new LabelError('FILE_DAMAGED', `What stands in meta at byte ${rest.offset} is no box. Export the picture again.`), meta);
  }
  const table = async <Content>(type: string, parse: (box: Box, bytes: Uint8Array) => Content): Promise<HeifTable<Content> | undefined> => {
    const [box, other] = boxes.filter((one) => one.type === type);
    if (box === undefined) {
      return undefined;
    }
    if (other !== undefined) {
      note(twice(type, other), other);
    }
    try {
      return { box, content: parse(box, await readBounded(source, contentOf(box), contentSize(box), MAXIMUM_TABLE_BYTES, type)) };
    } catch (error) {
      if (!(error instanceof LabelError)) {
        throw error;
      }
      note(error, box);
      return undefined;
    }
  };
  const primary = await table('pitm', parsePrimary);
  const infos = await table('iinf', parseItemInfos);
  const locations = await table('iloc', parseItemLocations);
  const references = await table('iref', parseItemReferences);
  const idat = boxes.find(({ type }) => type === 'idat');
  const [fault] = faults;
  return {
    file,
    meta,
    metaEnd: end,
    ...(primary === undefined ? {} : { primary: primary.content }),
    ...(infos === undefined ? {} : { infos }),
    ...(locations === undefined ? {} : { locations }),
    ...(references === undefined ? {} : { references }),
    ...(idat === undefined ? {} : { idat }),
    groups: await groupsOf(source, boxes, budget),
    anomalies,
    ...(fault === undefined ? {} : { fault }),
  };
};

const twice = (type: string, box: Box): LabelError =>
  new LabelError('FORMAT_UNSUPPORTED_FEATURE', `A second ${type} box stands at byte ${box.offset}; save the picture again so that it has one.`, {
    data: { site: type, offset: box.offset, what: `a second ${type} box` },
  });

const parsePrimary = (box: Box, bytes: Uint8Array): number => {
  const width = bytes[0] === 0 ? 2 : 4;
  if (bytes.length < 4 + width) {
    throw new LabelError('FILE_DAMAGED', `The box pitm at byte ${box.offset} is too short. Export the picture again.`);
  }
  return width === 2 ? viewOf(bytes).getUint16(4) : viewOf(bytes).getUint32(4);
};

const groupsOf = async (source: ByteSource, boxes: readonly Box[], budget: BoxBudget): Promise<readonly number[]> => {
  const groups: number[] = [];
  for (const list of boxes.filter(({ type }) => type === 'grpl')) {
    for (const group of (await listBoxes(source, contentOf(list), list.end, budget)).boxes) {
      if (contentSize(group) >= 8 && groups.length < MAXIMUM_GROUPS) {
        groups.push(viewOf(await source.read(contentOf(group) + 4, 4)).getUint32(0));
      }
    }
  }
  return groups;
};
