import type { StructureField, StructureFinder } from '../structure.ts';

/** The numbers that hold a PDF together (offsets, sizes, references, cross-reference entries), and its objects and sections: found as text, by no rule of the reader's. */
export const pdfStructure: StructureFinder = (bytes) => {
  const text = Buffer.from(bytes).toString('latin1');
  const fields: StructureField[] = [];
  const patterns = [
    /startxref\s+(\d+)/g,
    /\/(?:Prev|XRefStm|Length|Size|First|N|Columns|Predictor|P)\s+(\d+)/g,
    /\/(?:Index|W)\s*\[\s*(\d+)/g,
    /\/(?:Info|Root|Metadata|Perms|DocMDP|Length)\s+(\d+) \d+ R/g,
    /(?<![\d.])(\d{1,10}) \d{1,5} obj/g,
    /(\d{10}) \d{5} [nf]/g,
    /\n(\d{1,6}) \d{1,6}\s*\n\d{10}/g,
    /\n\d{1,6} (\d{1,6})\s*\n\d{10}/g,
  ];
  for (const pattern of patterns) {
    for (const found of text.matchAll(pattern)) {
      const digits = found[1] as string;
      const at = found.index + found[0].indexOf(digits, pattern.source.startsWith('\\n\\d') ? found[0].indexOf(' ') : 0);
      // A mutation writes as many digits as there are.
      const size = ([8, 4, 3, 2, 1] as const).find((one) => one <= digits.length) ?? 1;
      fields.push({ at: at + digits.length - size, size, isDigits: true });
    }
  }
  const elements = [
    /\d{1,10} \d{1,5} obj[\s\S]*?endobj\s*/g,
    /xref[\s\S]*?%%EOF\s*/g,
    /\d{10} \d{5} [nf]\s{2}/g,
    /\/[A-Za-z]+\s+\d+ \d+ R/g,
    /stream\s[\s\S]*?endstream/g,
  ]
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .map((found) => ({ start: found.index, end: found.index + found[0].length }));
  return { fields, elements };
};
