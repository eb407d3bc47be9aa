import { type BoxFile, boxBudget, boxContent, isTopType, planBoxEdits, readBoxFile } from '@aigc-label/containers';
import {
  type Anomaly,
  type ByteSource,
  damaged,
  type Format,
  LabelError,
  type Place,
  type Slots,
  type SlotText,
  type Splice,
  utf8,
} from '@aigc-label/core';
import { type Brand, brandOf } from './isobmff-brand.ts';
import { MAXIMUM_LABELS, survey } from './isobmff-labels.ts';
import { placeEdits } from './isobmff-place.ts';
import { MAXIMUM_VALUE_BYTES } from './isobmff-values.ts';

/** Where the guides have movies and their sound carry the label. */
export const isobmffPlace = (source: string): Place => ({
  description: 'moov.udta.meta (handler mdta): keys "mdta" AIGC, ilst item with data type 1, locale 0',
  source,
  certainty: 'guide',
});

const read = async (source: ByteSource): Promise<Slots> => {
  const budget = boxBudget();
  const { found, anomalies } = await survey(source, await readBoxFile(source, budget), budget);
  const undecodable = found
    .filter(({ value }) => value === undefined)
    .map(({ site, box }): Anomaly => ({ code: 'undecodable', site, offset: box.offset, detail: 'too large, or not text' }));
  return {
    found: found.flatMap(({ site, isGuidePlace, value, fields }) =>
      value === undefined ? [] : [{ key: 'AIGC', site, isGuidePlace, value, ...(fields === undefined ? {} : { fields }) }],
    ),
    anomalies: [...anomalies, ...undecodable],
  };
};

const plan = async (source: ByteSource, slot: SlotText): Promise<readonly Splice[]> => {
  if (utf8(slot.value).length > MAXIMUM_VALUE_BYTES) {
    throw new LabelError('CARRIER_FULL', `A label of more than ${MAXIMUM_VALUE_BYTES} bytes would not be read back; shorten its reserved codes.`, {
      data: { site: 'ilst', limitBytes: MAXIMUM_VALUE_BYTES },
    });
  }
  const budget = boxBudget();
  const file = await readBoxFile(source, budget);
  const [movie, second] = file.movies;
  refuseCut(file);
  if (movie === undefined) {
    throw damaged('file', file.end, 'there is no moov box, so no player can open it');
  }
  if (second !== undefined) {
    throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', `A second moov box stands at byte ${second.offset}; remux the file so that it has one.`, {
      data: { site: 'moov', offset: second.offset },
    });
  }
  const seen = await survey(source, file, budget);
  if (seen.found.length >= MAXIMUM_LABELS) {
    throw new LabelError('LIMIT_EXCEEDED', `The file holds ${MAXIMUM_LABELS} labels or more; remux it without metadata.`, {
      data: { site: 'moov', limit: MAXIMUM_LABELS },
    });
  }
  return planBoxEdits(source, file, placeEdits(seen, movie, slot), budget);
};

/** Media data may end early and still be moved; an index may not. */
const refuseCut = ({ rest }: BoxFile): void => {
  const type = rest?.kind === 'overrun' ? rest.box?.type : undefined;
  if (rest !== undefined && type !== undefined && isTopType(type) && !['mdat', 'free', 'skip', 'wide', 'idat', 'imda', 'PICT'].includes(type)) {
    throw damaged(type, rest.offset, 'the file ends inside this box');
  }
};

/** One brand of the family; they differ in what they are called. */
export const isobmffFormat = (id: Brand, rest: Pick<Format, 'modality' | 'mediaTypes' | 'extensions' | 'place'>): Format => ({
  id,
  ...rest,
  matches: (head) => brandOf(head) === id,
  read,
  plan,
  content: (source) => boxContent(source),
});
