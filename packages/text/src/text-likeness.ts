import { type ByteSource, fromUtf8, LabelError, type Rendition, type SoftMatch } from '@aigc-label/core';
import { encodingOf, readable } from './encoding.ts';

/** From this likeness on two texts are renditions of one: other markup and line breaks change nothing, a tenth of the words changed is another text. */
export const TEXT_LIKENESS_THRESHOLD = 0.8;

/** Formats whose words stand in their bytes. */
const READABLE: ReadonlySet<string> = new Set(['html', 'markdown', 'plain']);

/** Longer texts are not compared, in bytes. */
const MAXIMUM_BYTES = 16 << 20;

/** Letters that are compared together. */
const SHINGLE = 6;

/** Tells by their letters and digits whether two texts are renditions of one, whatever their markup. */
export const textLikeness: SoftMatch = {
  id: 'text-shingles',
  modality: 'text',
  async compare(original, rendition) {
    const [a, b] = [shinglesOf(await wordsOf(original)), shinglesOf(await wordsOf(rendition))];
    let common = 0;
    for (const shingle of a) {
      common += b.has(shingle) ? 1 : 0;
    }
    const all = a.size + b.size - common;
    return { similarity: all === 0 ? 0 : common / all, threshold: TEXT_LIKENESS_THRESHOLD };
  },
};

/** Letters and digits alone, in lower case: what neither markup nor a label's own line changes. */
const wordsOf = async ({ source, format }: Rendition): Promise<string> => {
  if (!READABLE.has(format)) {
    throw new LabelError(
      'FORMAT_UNSUPPORTED_FEATURE',
      `The words of a ${format} file are not read here, so nobody can tell what it says. Compare texts as HTML, Markdown or plain text.`,
      {
        data: { format },
      },
    );
  }
  const bytes = await whole(source);
  const encoding = encodingOf(bytes);
  return (fromUtf8(bytes) ?? readable(bytes.subarray(encoding.markBytes), encoding))
    .replace(FRONT_MATTER, '')
    .replace(OUR_LINE, '')
    .replace(HIDDEN, ' ')
    .replace(TAG, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase();
};

const FRONT_MATTER = /^---\r?\n[\s\S]{0,65536}?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/;
const OUR_LINE = /^AIGC[:=]\{.*$/gm;
const HIDDEN = /<(script|style|template|head)\b[^>]*>[\s\S]*?<\/\1\s*>|<!--[\s\S]*?-->/gi;
const TAG = /<[/!]?[a-z][^<>]*>/gi;

const shinglesOf = (words: string): ReadonlySet<string> => {
  const shingles = new Set<string>();
  for (let index = 0; index + SHINGLE <= words.length; index += 1) {
    shingles.add(words.slice(index, index + SHINGLE));
  }
  return shingles;
};

const whole = async (source: ByteSource): Promise<Uint8Array> => {
  if (source.size > MAXIMUM_BYTES) {
    throw new LabelError('LIMIT_EXCEEDED', `A text of ${source.size} bytes is not compared; at most ${MAXIMUM_BYTES} are.`, {
      data: { length: source.size, limitBytes: MAXIMUM_BYTES },
    });
  }
  return source.read(0, source.size);
};
