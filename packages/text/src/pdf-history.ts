// Labels in earlier revisions of a PDF (ISO 32000-1 §7.5.6; docs/decisions/0018).
import { entryInRevision, type PdfFile, pdfReference, pdfValue } from '@aigc-label/containers';
import type { Anomaly, Slot } from '@aigc-label/core';
import { INFO_SITE, infoOf, labelsOf, trailerOf } from './pdf-info.ts';

/** Revisions with another document information dictionary that are looked into. */
const MAXIMUM_EARLIER = 64;

/**
 * The newest label of an earlier revision that an update of something else has taken away or changed. What an update of nothing but the label has replaced is
 * history, and no finding (docs/decisions/0018).
 */
export const shadowedLabel = async (
  file: PdfFile,
  newest: string | undefined,
  metadata: number | undefined,
): Promise<{ anomaly: Anomaly; slot: Slot } | undefined> => {
  let later: { readonly value: string | undefined; readonly isLabelUpdate: boolean } = {
    value: newest,
    isLabelUpdate: await isLabelUpdate(file, 0, metadata),
  };
  let looked = 0;
  for (let index = 1; index < file.revisions.length && looked < MAXIMUM_EARLIER; index += 1) {
    if (await speaksOfInfo(file, index)) {
      looked += 1;
      const [slot] = (await labelsOf(await infoOf(file, index), `${INFO_SITE}[earlier]`, file.cipher)).slots;
      if (slot !== undefined && slot.value !== later.value && !(later.isLabelUpdate && later.value !== undefined)) {
        const detail =
          later.value === undefined ? 'an update of the file has taken a label away' : 'an update of the file has put one label in place of another';
        return { anomaly: { code: 'duplicate_structure', site: slot.site, detail }, slot: { ...slot, isGuidePlace: false } };
      }
      later = { value: slot?.value, isLabelUpdate: await isLabelUpdate(file, index, metadata) };
    }
  }
  return undefined;
};

const speaksOfInfo = async (file: PdfFile, index: number): Promise<boolean> => {
  const number = pdfReference(pdfValue(trailerOf(file, index), 'Info'))?.number;
  const before = pdfReference(pdfValue(trailerOf(file, index - 1), 'Info'))?.number;
  const own = number === undefined ? undefined : await entryInRevision(file.revisions[index] as PdfFile['revisions'][number], number);
  return number !== before || own !== undefined;
};

/** Objects of an update of nothing but the label: object 0, the dictionary, the metadata, the cross-reference stream. */
const MOST_LABEL_OBJECTS = 4;

/** Whether a revision touches nothing but the document information dictionary, the metadata of the catalog, and its own cross-reference stream. */
export const isLabelUpdate = async ({ revisions }: PdfFile, index: number, metadata: number | undefined): Promise<boolean> => {
  const { section, hybrid } = revisions[index] as PdfFile['revisions'][number];
  const count = section.ranges.reduce((total, range) => total + range.count, 0);
  if (hybrid !== undefined || pdfValue(section.trailer, 'Prev') === undefined || count > MOST_LABEL_OBJECTS) {
    return false;
  }
  const allowed = [0, pdfReference(pdfValue(section.trailer, 'Info'))?.number, metadata];
  for (const number of section.ranges.flatMap((range) => Array.from({ length: range.count }, (_, row) => range.first + row))) {
    const entry = await section.entry(number);
    const isItself = section.kind === 'stream' && entry?.kind === 'offset' && entry.offset === section.offset;
    if (!isItself && !allowed.includes(number)) {
      return false;
    }
  }
  return true;
};
