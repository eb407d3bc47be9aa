import type { Structure, StructureFinder } from '../structure.ts';

/** XML has no sizes: its tags, comments and instructions are the elements, each alone and with what follows up to the next but three. */
export const xmlStructure: StructureFinder = (bytes): Structure => {
  const tags: { start: number; end: number }[] = [];
  let start = bytes.indexOf(0x3c);
  while (start >= 0 && tags.length < 2000) {
    const end = bytes.indexOf(0x3e, start);
    if (end < 0) {
      break;
    }
    tags.push({ start, end: end + 1 });
    start = bytes.indexOf(0x3c, end);
  }
  const stretches = tags.map((tag, index) => ({ start: tag.start, end: (tags[index + 3] ?? tag).end }));
  return { fields: [], elements: [...tags, ...stretches] };
};
