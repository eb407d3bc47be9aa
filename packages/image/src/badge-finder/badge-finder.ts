/** Finds badges on pictures while verifying: everything that reads the upload is TypeScript or WebAssembly, and bounded. */
import { type FoundBadge, findBadge, type Luma, MINIMUM_HEIGHT_RATIO } from '@aigc-label/badge/find';
import { type FoundNotice, NOTICE_PRESETS, type NoticeFinder, type Shortfall } from '@aigc-label/core';
import { BADGE_FORMATS, type BadgeFormat } from '../badge/badge-formats.ts';
import { gifLumas } from './gif-luma.ts';
import { jpegLuma } from './jpeg-luma.ts';
import { pngLuma } from './png-luma.ts';
import { webpLuma } from './webp-luma.ts';

/**
 * By how much a measured height may be below 5 % and still count as 5 %: measuring errs by 1.4 % at most
 * (packages/image/scripts/measure-badge-finder.mjs, docs/decisions/0025).
 */
export const HEIGHT_TOLERANCE = 0.025;

/** Finds badges on pictures. Of a GIF, what stands on its first and on its last frame. */
export const badgeFinder: NoticeFinder = {
  formats: BADGE_FORMATS,
  isDecoding: true,
  /** @throws LabelError `FILE_DAMAGED` and `LIMIT_EXCEEDED` where pixels cannot be had, `ABORTED`. */
  async find(source, formatId, search = {}) {
    const { texts = [], signal } = search;
    const words = [...new Set([...Object.values(NOTICE_PRESETS), ...texts])];
    const lumas = await lumasOf(formatId as BadgeFormat, source, signal);
    const found: FoundBadge[] = [];
    for (const luma of lumas) {
      const badge = await findBadge(luma, words);
      if (badge === undefined || (found[0] !== undefined && found[0].text !== badge.text)) {
        return [];
      }
      found.push(badge);
    }
    const [weakest] = found.sort((a, b) => a.heightRatio - b.heightRatio);
    return weakest === undefined ? [] : [noticeOf(weakest)];
  },
};

type Source = Parameters<NoticeFinder['find']>[0];

const lumasOf = async (formatId: BadgeFormat, source: Source, signal?: AbortSignal): Promise<readonly Luma[]> => {
  switch (formatId) {
    case 'gif':
      return gifLumas(source, signal);
    case 'png':
      return asList(await pngLuma(source, signal));
    case 'jpeg':
      return asList(await jpegLuma(source, signal));
    case 'webp':
      return asList(await webpLuma(source));
    default:
      return [];
  }
};

const asList = (luma: Luma | undefined): readonly Luma[] => (luma === undefined ? [] : [luma]);

const noticeOf = ({ text, position, likeness, heightRatio, contrast }: FoundBadge): FoundNotice => {
  const shortfalls: readonly Shortfall[] =
    heightRatio < MINIMUM_HEIGHT_RATIO * (1 - HEIGHT_TOLERANCE)
      ? [{ measure: 'heightRatio', found: rounded(heightRatio), required: MINIMUM_HEIGHT_RATIO, clause: 'GB 45438-2025 §5.2' }]
      : [];
  return {
    form: 'badge',
    position,
    text,
    measures: { likeness: rounded(likeness), heightRatio: rounded(heightRatio), contrast: rounded(contrast) },
    shortfalls,
  };
};

const rounded = (value: number): number => Number(value.toPrecision(3));
