import { pdfAnomaly, pdfHeaderOffset } from '@aigc-label/containers';
import { type ByteSource, type Format, LabelError, type Slots } from '@aigc-label/core';
import { planPdfContent } from '../content/pdf-content.ts';
import { salvagePdfSlots } from '../pdf-info.ts';
import { readPdfLabels } from '../pdf-labels.ts';
import { planPdf } from '../pdf-plan.ts';
import { proven } from '../proof.ts';

/** PDF (ISO 32000): the label is an entry of the document information dictionary, written as an incremental update. */
export const pdf: Format = {
  id: 'pdf',
  modality: 'text',
  mediaTypes: ['application/pdf', 'application/x-pdf'],
  extensions: ['.pdf'],
  place: { description: 'document information dictionary, /AIGC', source: 'TC260-PG-20258A §6.3', certainty: 'guide' },
  matches: (head) => pdfHeaderOffset(head) !== undefined,
  read: (source) => readPdf(source),
  plan: async (source, slot) => {
    if (slot.key !== 'AIGC') {
      throw new TypeError(`a PDF carries AIGC, not ${slot.key}`);
    }
    return proven(source, await planPdf(source, slot), slot, readPdf);
  },
  content: planPdfContent,
};

const readPdf = async (source: ByteSource): Promise<Slots> => {
  try {
    const { slots, anomalies } = await readPdfLabels(source);
    return { found: slots, anomalies };
  } catch (error) {
    const found = error instanceof LabelError && error.code === 'FILE_DAMAGED' ? await salvagePdfSlots(source) : [];
    if (found.length === 0) {
      throw error;
    }
    return { found, anomalies: [pdfAnomaly(error, 'pdf')] };
  }
};
