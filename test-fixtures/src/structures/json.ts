import type { Structure, StructureFinder } from '../structure.ts';

/** JSON has no sizes: its elements are strings, brackets with all between them, and stretches between commas. */
export const jsonStructure: StructureFinder = (bytes): Structure => {
  const elements: { start: number; end: number }[] = [];
  const open: number[] = [];
  let comma = 0;
  for (let at = 0; at < bytes.length && elements.length < 2000; at += 1) {
    const unit = String.fromCharCode(bytes[at] ?? 0);
    if (unit === '"') {
      const start = at;
      at += 1;
      while (at < bytes.length && bytes[at] !== 0x22) {
        at += bytes[at] === 0x5c ? 2 : 1;
      }
      elements.push({ start, end: Math.min(bytes.length, at + 1) });
    } else if (unit === '{' || unit === '[') {
      open.push(at);
    } else if (unit === '}' || unit === ']') {
      elements.push({ start: open.pop() ?? 0, end: at + 1 });
    } else if (unit === ',' || unit === '\n') {
      elements.push({ start: comma, end: at + 1 });
      comma = at + 1;
    }
  }
  return { fields: [], elements };
};
