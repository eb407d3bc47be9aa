import type { StructureFinder } from '../structure.ts';

const MAXIMUM_LINES = 500;

/** Lines of a text, each alone and with the three that follow. */
export const lineStructure: StructureFinder = (bytes) => {
  const lines: { start: number; end: number }[] = [];
  for (let start = 0; start < bytes.length && lines.length < MAXIMUM_LINES; ) {
    const found = bytes.indexOf(0x0a, start);
    const end = found < 0 ? bytes.length : found + 1;
    lines.push({ start, end });
    start = end;
  }
  const stretches = lines.map((line, index) => ({ start: line.start, end: (lines[index + 3] ?? line).end }));
  return { fields: [], elements: [...lines, ...stretches] };
};
