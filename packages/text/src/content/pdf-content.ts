// What the signed content digest covers of a PDF: every revision up to the updates of metadata at its end (spec/content/text.md §2).
import { openPdf, pdfContent } from '@aigc-label/containers';
import type { ByteSource, ContentPlan } from '@aigc-label/core';

/**
 * The plan of a PDF.
 *
 * @throws LabelError as `openPdf` does.
 */
export const planPdfContent = async (source: ByteSource): Promise<ContentPlan> => {
  const file = await openPdf(source);
  const { end, padding, updates } = await pdfContent(file);
  return {
    method: 'pdf-1',
    parts: [
      { name: 'revisions', pieces: [{ start: 0, end }], isPerceived: true },
      { name: 'padding', pieces: [padding] },
      { name: 'trailing', pieces: [{ start: file.end.end, end: source.size }] },
    ],
    carriers: updates === undefined ? [] : [updates],
  };
};
