// What of a WAV is content: every chunk but a closed list (spec/content/audio.md §3).
import { listType, XMP_LIMIT_BYTES } from '@aigc-label/containers';
import { type ByteSource, type ContentPlan, fromUtf8 } from '@aigc-label/core';
import { isPlainText } from './content-sheet.ts';
import {
  chunkThat,
  infoContent,
  labelChunk,
  MAXIMUM_TEXT_BYTES,
  nestedId3,
  paddingChunk,
  type RiffRules,
  riffContent,
  xmpChunk,
} from './riff-content.ts';

/**
 * The content of a WAV (RIFF, RIFX, RF64, BW64): `wav-1`.
 *
 * @throws LabelError `FILE_DAMAGED` where there is no RIFF header.
 */
export const wavContent = (source: ByteSource): Promise<ContentPlan> => riffContent(source, RULES);

const RULES: RiffRules = {
  method: 'wav-1',
  perceivedFrom: async (_, { id }) => (id === 'data' ? 0 : undefined),
  isMetadata: async (context, chunk) => {
    switch (chunk.id) {
      case 'AIGC':
        return labelChunk(context, chunk);
      case 'LIST':
        return (await listType(context.source, chunk)) === 'INFO' && infoContent(context, chunk);
      case 'id3 ':
      case 'ID3 ':
        return nestedId3(context, chunk);
      case '_PMX':
        return xmpChunk(context, chunk);
      case 'bext':
        return chunkThat(context, chunk, MAXIMUM_TEXT_BYTES, isBroadcastExtension);
      case 'iXML':
        return chunkThat(context, chunk, XMP_LIMIT_BYTES, isXml);
      case 'JUNK':
      case 'junk':
      case 'PAD ':
      case 'FLLR':
        return paddingChunk(context, chunk);
      default:
        return false;
    }
  },
};

const isXml = (bytes: Uint8Array): boolean =>
  isPlainText(bytes) && /^\uFEFF?\s*</.test(fromUtf8(bytes.subarray(0, 64)) ?? '') && fromUtf8(bytes) !== undefined;

/** EBU Tech 3285 §2.3: texts and numbers of 602 bytes, of which the last 180 are reserved and zero, then a text. */
const isBroadcastExtension = (bytes: Uint8Array): boolean =>
  bytes.length >= BEXT_BYTES && bytes.subarray(BEXT_BYTES - 180, BEXT_BYTES).every((byte) => byte === 0) && isPlainText(bytes.subarray(BEXT_BYTES));

const BEXT_BYTES = 602;
