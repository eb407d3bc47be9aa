// What of an AVI is content: all but texts, labels, XMP and empty padding on its first level (spec/content/video.md §3).
import { listType } from '@aigc-label/containers';
import type { ByteSource, ContentPlan } from '@aigc-label/core';
import { infoContent, labelChunk, paddingChunk, type RiffRules, riffContent, xmpChunk } from './riff-content.ts';

/**
 * The content of an AVI: `avi-1`. Positions in its indexes are covered as they stand: labels move no frame.
 *
 * @throws LabelError `FILE_DAMAGED` where there is no RIFF header.
 */
export const aviContent = (source: ByteSource): Promise<ContentPlan> => riffContent(source, RULES);

const RULES: RiffRules = {
  method: 'avi-1',
  perceivedFrom: async ({ source }, chunk) =>
    chunk.sizeBytes >= 4 && (await listType(source, { ...chunk, isOpen: false })) === 'movi' ? 4 : undefined,
  isMetadata: async (context, chunk) => {
    switch (chunk.id) {
      case 'AIGC':
        return labelChunk(context, chunk);
      case 'LIST':
        return (await listType(context.source, chunk)) === 'INFO' && infoContent(context, chunk);
      case '_PMX':
        return xmpChunk(context, chunk);
      case 'JUNK':
        return paddingChunk(context, chunk);
      default:
        return false;
    }
  },
};
