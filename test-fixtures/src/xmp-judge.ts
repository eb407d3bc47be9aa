import { expect } from 'vitest';
import { exiftoolDump, withFile } from './judges.ts';
import { sampleSlotText } from './slot-text.ts';

type Tags = Record<string, unknown>;

/** exiftool as the judge of a picture format: what it says of a file before it is labelled, and after. */
export interface XmpJudge {
  readonly dumpOf: (bytes: Uint8Array) => Promise<Tags>;
  /** Labels, expects exiftool to read exactly our label under its TC260 name, and returns the rest. */
  readonly judged: (bytes: Uint8Array) => Promise<Tags>;
}

/**
 * @param name the file name for exiftool: its ending matters.
 * @param label labels with `sampleSlotText`.
 * @param forget whether a tag is left out of the comparison: our label in any of its forms, and what has to move.
 */
export const xmpJudge = (
  name: string,
  label: (bytes: Uint8Array) => Promise<Uint8Array>,
  forget: (tag: string, value: string) => boolean,
): XmpJudge => {
  const rest = (tags: Tags): Tags => Object.fromEntries(Object.entries(tags).filter(([tag, value]) => !forget(tag, String(value))));
  return {
    dumpOf: async (bytes) => rest(await withFile(name, bytes, exiftoolDump)),
    async judged(bytes) {
      const tags = await withFile(name, await label(bytes), exiftoolDump);
      const ours = Object.entries(tags).filter(([tag]) => tag.includes('TC260'));
      expect(ours).toEqual([[expect.stringMatching(/^XMP-TC260/), sampleSlotText.value]]);
      return rest(tags);
    },
  };
};
