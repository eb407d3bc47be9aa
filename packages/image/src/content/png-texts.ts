import { type PngChunk, pngText, readPngKeyword, readPngText, XMP_LIMIT_BYTES } from '@aigc-label/containers';
import { type ByteSource, type ContentAnomaly, fromUtf8, isLooseLabel } from '@aigc-label/core';
import { LABEL_KEY } from '../place.ts';
import { xmpRendering } from './xmp-rendering.ts';

const XMP_KEYWORD = 'XML:com.adobe.xmp';
/** ImageMagick puts Exif data and colour profiles into texts of such names, and turns and colours pictures by them: they are content. IPTC, which exiftool writes so, is not. */
const RAW_PROFILE = /^raw profile type (?!iptc$)/i;
/** Bytes of text that may come out of the compressed chunks of one file; the chunks beyond it are content. XMP is not counted. */
const MAXIMUM_INFLATED_BYTES = 16 << 20;

/**
 * Looks at the textual chunks of a file, one after the other: the values of a carrier that steer rendering, `undefined` where a chunk is no text and so content
 * (PNG 3rd ed. §11.3.3: a text has no NUL, that of iTXt is UTF-8; XMP part 3 §1.1.5).
 *
 * @param anomalies gets an entry for a label that is no text, which is left out all the same, since labelling takes it away.
 */
export const pngTextRendering = (source: ByteSource, anomalies: ContentAnomaly[]): ((chunk: PngChunk) => Promise<string | undefined>) => {
  let budget = MAXIMUM_INFLATED_BYTES;
  return async (chunk) => {
    const keyword = await readPngKeyword(source, chunk);
    if (keyword === undefined || RAW_PROFILE.test(keyword)) {
      return undefined;
    }
    const limitBytes = keyword === XMP_KEYWORD || chunk.type === 'tEXt' ? XMP_LIMIT_BYTES : Math.min(XMP_LIMIT_BYTES, budget);
    const { text, isCompressed, hasGoodChecksum } = await readPngText(source, chunk, keyword, limitBytes);
    if (typeof text === 'string') {
      budget -= isCompressed && keyword !== XMP_KEYWORD ? limitBytes : 0;
      return undefined;
    }
    if (keyword === XMP_KEYWORD) {
      const value = xmpRendering(text);
      // Readers skip a chunk with a wrong CRC, and labelling mends it.
      return value === '' || hasGoodChecksum ? value : undefined;
    }
    budget -= isCompressed ? text.length : 0;
    const isText = !text.includes(0) && (chunk.type !== 'iTXt' || fromUtf8(text) !== undefined);
    if (!isText && keyword === LABEL_KEY) {
      anomalies.push({ site: `png/${chunk.type}[${LABEL_KEY}]`, offset: chunk.offset, detail: 'a label that is no text' });
    }
    return isText || keyword === LABEL_KEY || isLooseLabel(pngText(text), LABEL_KEY) ? '' : undefined;
  };
};
