// What of a FLAC is content: every block but comments and empty padding, and all frames (spec/content/audio.md §5).
import { type FlacBlock, readFlacBlocks } from '@aigc-label/containers';
import { allBut, type ByteRange, type ByteSource, type ContentPlan, viewOf } from '@aigc-label/core';
import { commentsContent } from './comments-content.ts';
import { type ContentSheet, contentPlan, contentSheet, cover, isPlainText, isZero } from './content-sheet.ts';
import { isTrueSeekTable } from './flac-seek-table.ts';
import { tagContent } from './tag-content.ts';

/** The content of a FLAC, tags of other kinds in front of it and behind it aside: `flac-1`. */
export const flacContent = async (source: ByteSource): Promise<ContentPlan> => {
  const sheet = contentSheet();
  const { start, trailers } = await tagContent(source, sheet);
  const { blocks, problem } = await readFlacBlocks(source, start);
  // Blocks that do not lead to the frames are followed by nobody alike: all of it is content.
  const followed = problem === undefined ? blocks : [];
  for (const block of followed) {
    await blockContent(source, block, followed, sheet);
  }
  sheet.parts.push({ name: 'frames', pieces: allBut(followed.at(-1)?.end ?? start, source.size, trailers), isPerceived: true });
  return contentPlan('flac-1', sheet);
};

/** RFC 9639 §8.1. */
const TYPES: readonly string[] = ['STREAMINFO', 'PADDING', 'APPLICATION', 'SEEKTABLE', 'VORBIS_COMMENT', 'CUESHEET', 'PICTURE'];

const blockContent = async (source: ByteSource, block: FlacBlock, blocks: readonly FlacBlock[], sheet: ContentSheet): Promise<void> => {
  const { type, start, dataStart, end } = block;
  const name = TYPES[type] ?? `block ${type}`;
  const data = { start: dataStart, end };
  switch (name) {
    case 'PADDING':
      if (await isZero(source, data)) {
        sheet.carriers.push({ start, end });
        return;
      }
      break;
    case 'VORBIS_COMMENT': {
      const list = await commentsContent(source, dataStart, end, 'flac/VORBIS_COMMENT');
      if (list !== undefined) {
        const rest = { name: 'rest', start: list.end, end };
        leaveOut(
          sheet,
          start,
          end,
          [...list.covered, rest].map((range) => ({ ...range, name: `${name}/${range.name}` })),
        );
        sheet.anomalies.push(...list.anomalies);
        return;
      }
      break;
    }
    case 'SEEKTABLE': {
      const [info, last] = [blocks[0], blocks.at(-1)];
      if (info !== undefined && last !== undefined && info.sizeBytes >= 2) {
        if (await isTrueSeekTable(source, data, await source.read(info.dataStart, 2), last.end)) {
          return;
        }
      }
      break;
    }
    case 'PICTURE': {
      const picture = await pictureIn(source, data);
      if (picture !== undefined) {
        leaveOut(sheet, start, end, [{ ...picture, name }]);
        return;
      }
      break;
    }
    default:
  }
  // What the header says is said by the name and the length.
  sheet.parts.push({ name, pieces: [data] });
};

const leaveOut = (sheet: ContentSheet, start: number, end: number, covered: readonly (ByteRange & { readonly name: string })[]): void => {
  const some = covered.filter((range) => range.end > range.start);
  for (const { name, start: from, end: to } of some) {
    cover(sheet, name, { start: from, end: to });
  }
  sheet.carriers.push(...(allBut(start, end, some) as readonly ByteRange[]));
};

/** Media type and description in front of a picture are not longer, in bytes. */
const MAXIMUM_LEAD_BYTES = 16 << 10;

/** The picture itself behind its kind, media type, description and sizes, where it fills the block (RFC 9639 §8.8). */
const pictureIn = async (source: ByteSource, { start, end }: ByteRange): Promise<ByteRange | undefined> => {
  const lead = await source.read(start, Math.min(MAXIMUM_LEAD_BYTES, end - start));
  const view = viewOf(lead);
  let at = 4;
  for (let text = 0; text < 2; text += 1) {
    const textAt = at + 4;
    at = textAt > lead.length ? lead.length + 1 : textAt + view.getUint32(at);
    if (at > lead.length || !isPlainText(lead.subarray(textAt, at))) {
      return undefined;
    }
  }
  const pictureAt = at + 20;
  return pictureAt <= lead.length && start + pictureAt + view.getUint32(pictureAt - 4) === end ? { start: start + pictureAt, end } : undefined;
};
