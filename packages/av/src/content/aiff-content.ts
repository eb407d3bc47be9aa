// What of an AIFF is content: every chunk but texts, ID3, XMP and labels (spec/content/audio.md §3).
import { type ByteSource, type ContentPlan, latin1, viewOf } from '@aigc-label/core';
import { isPlainText } from './content-sheet.ts';
import { chunkThat, labelChunk, MAXIMUM_TEXT_BYTES, nestedId3, type RiffRules, riffContent, xmpChunk } from './riff-content.ts';

/**
 * The content of an AIFF or AIFF-C: `aiff-1`.
 *
 * @throws LabelError `FILE_DAMAGED` where there is no header.
 */
export const aiffContent = (source: ByteSource): Promise<ContentPlan> => riffContent(source, RULES);

/** In front of the samples: offset and size of blocks (AIFF 1.3, Sound Data Chunk). */
const SOUND_HEADER_BYTES = 8;

const RULES: RiffRules = {
  method: 'aiff-1',
  perceivedFrom: async (_, { id }) => (id === 'SSND' ? SOUND_HEADER_BYTES : undefined),
  isMetadata: async (context, chunk) => {
    switch (chunk.id) {
      case 'AIGC':
        return labelChunk(context, chunk);
      case 'NAME':
      case 'AUTH':
      case '(c) ':
      case 'ANNO':
        return chunkThat(context, chunk, MAXIMUM_TEXT_BYTES, isPlainText);
      case 'COMT':
        return chunkThat(context, chunk, MAXIMUM_TEXT_BYTES, isComments);
      case 'ID3 ':
      case 'id3 ':
        return nestedId3(context, chunk);
      case 'APPL':
        return chunk.sizeBytes >= 4 && latin1(await context.source.read(chunk.dataStart, 4)) === 'XMP ' && xmpChunk(context, chunk, 4);
      default:
        return false;
    }
  },
};

/** AIFF 1.3, Comments Chunk: a count, then for each a time, the number of a marker, a length and a text of this length, padded. */
const isComments = (bytes: Uint8Array): boolean => {
  const view = viewOf(bytes);
  let position = 2;
  for (let left = bytes.length < 2 ? -1 : view.getUint16(0); left > 0; left -= 1) {
    const textAt = position + 8;
    const end = textAt > bytes.length ? Number.POSITIVE_INFINITY : textAt + view.getUint16(position + 6);
    if (end > bytes.length || !isPlainText(bytes.subarray(textAt, end))) {
      return false;
    }
    position = end + (end % 2);
    if (position > end && bytes[end] !== 0) {
      return false;
    }
  }
  return position === bytes.length;
};
