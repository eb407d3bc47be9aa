import { type BoxEdit, boxBudget, describingItem, type Heif, holdsItems, itemLengthEdits, planBoxEdits, spliceXmp } from '@aigc-label/containers';
import { xmpWithOneLabel } from '@aigc-label/containers/internal';
import { type ByteSource, damaged, type Format, LabelError, noPlaceInside, type SlotText, type Splice, TC260_XMP } from '@aigc-label/core';
import { heifContent } from './content/heif-content.ts';
import { heifBrand } from './heif-brand.ts';
import { type HeifLabels, type HeifPacket, heifLabels, XMP_CONTENT_TYPE } from './heif-labels.ts';

/** One brand of the family; they differ in how their pictures are coded, and in what they are called. */
export const heifFormat = (id: 'heic' | 'avif', rest: Pick<Format, 'mediaTypes' | 'extensions' | 'place'>): Format => ({
  id,
  modality: 'image',
  ...rest,
  sidecar: 'some',
  matches: (head) => heifBrand(head) === id,
  async read(source) {
    const { slots, anomalies } = await heifLabels(source, boxBudget());
    return { found: slots, anomalies };
  },
  plan: (source, slot) => plan(source, slot, id),
  content: heifContent,
});

const plan = async (source: ByteSource, slot: SlotText, id: string): Promise<readonly Splice[]> => {
  const budget = boxBudget();
  const labels = await heifLabels(source, budget);
  const { heif, packets, exif } = labels;
  refuse(labels, id);
  const kept = packets.find(({ isPlace }) => isPlace);
  const added = kept === undefined ? describingItem(heif, XMP_CONTENT_TYPE, spliceXmp(undefined, TC260_XMP, slot)) : undefined;
  const edits = [
    ...packets.flatMap((packet) => packetEdits(heif, packet, slot)),
    ...exif.map(({ blanked }): BoxEdit => ({ ...blanked, parents: [] })),
    ...(added?.edits ?? []),
  ];
  if (heif.meta !== undefined && edits.length > 0 && holdsItems(heif, heif.meta.offset, heif.meta.end, { methods: [0] })) {
    throw shared('heif/meta', heif.meta.offset);
  }
  const splices = await planBoxEdits(source, heif.file, edits, budget);
  added?.settle(splices);
  return splices;
};

const refuse = ({ heif, hasMore, exif }: HeifLabels, id: string): void => {
  const { rest } = heif.file;
  if (rest?.kind === 'overrun' && rest.box !== undefined && ['meta', 'moov', 'moof', 'uuid'].includes(rest.box.type)) {
    throw damaged(`heif/${rest.box.type}`, rest.offset, 'the file ends inside this box');
  }
  if (heif.fault !== undefined) {
    throw heif.fault;
  }
  if (heif.meta === undefined || heif.primary === undefined) {
    throw noPlaceInside(id, 'it names no primary picture (pitm) that metadata could describe');
  }
  if (hasMore) {
    throw new LabelError('LIMIT_EXCEEDED', 'The picture holds more pieces of metadata than are looked at; save it with less of it.', {
      data: { site: 'heif/iinf' },
    });
  }
  if (exif.some(({ isWhole }) => !isWhole)) {
    throw unsupported('heif/item[Exif]', 'it holds a label and lies in several pieces');
  }
};

const packetEdits = (heif: Heif, packet: HeifPacket, slot: SlotText): readonly BoxEdit[] => {
  const { site, bytes, isPlace, stretches, item, trouble } = packet;
  if (bytes === undefined) {
    throw unsupported(site, trouble ?? 'it cannot be read');
  }
  const edited = xmpWithOneLabel(bytes, TC260_XMP, isPlace, slot, { site });
  if (edited === bytes) {
    return [];
  }
  const [stretch, second] = stretches;
  if (stretch === undefined || second !== undefined) {
    throw unsupported(site, 'it holds a label and lies in several pieces');
  }
  if (holdsItems(heif, stretch.start, stretch.start + stretch.length, item === undefined ? {} : { except: item.id })) {
    throw shared(site, stretch.start);
  }
  const edit: BoxEdit = { ...difference(bytes, edited, stretch.start), parents: stretch.parents };
  return item === undefined ? [edit] : [edit, ...itemLengthEdits(heif, item.id, edit)];
};

/**
 * What differs between two texts, as one splice. The first byte never does (a packet begins with `<` or with its own white space), so that the place of an item,
 * which is the place of that byte, stays where it is.
 */
const difference = (before: Uint8Array, after: Uint8Array, at: number): Splice => {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) {
    start += 1;
  }
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) {
    end += 1;
  }
  return { at: at + start, remove: before.length - start - end, insert: after.subarray(start, after.length - end) };
};

const unsupported = (site: string, why: string): LabelError =>
  new LabelError('FORMAT_UNSUPPORTED_FEATURE', `The metadata in ${site} cannot be edited: ${why}. Save the picture again with plain XMP.`, {
    data: { site, why },
  });

const shared = (site: string, offset: number): LabelError => damaged(site, offset, 'another item of the picture lies in the same bytes');
