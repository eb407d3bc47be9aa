/** The visible badge as a mark (GB 45438-2025 §5.2). */

import { type BadgeOptions, type ResolvedBadge, resolveBadge } from '@aigc-label/badge';
import { type ByteSource, type ExplicitMark, LabelError, type Marked, readBounded } from '@aigc-label/core';
import { BADGE_FORMATS, type BadgeFormat } from './badge-formats.ts';
import { badgeGif } from './gif-badge.ts';
import { badgeStands } from './is-present.ts';
import { badgeJpeg } from './jpeg-badge.ts';
import { badgePng } from './png-badge.ts';
import { badgeWebp } from './webp-badge.ts';

/** The largest file that is read into memory to be redrawn, in bytes. */
export const MAXIMUM_FILE_BYTES: number = 512 << 20;

const DRAWERS: Readonly<Record<BadgeFormat, (bytes: Uint8Array, badge: ResolvedBadge) => Promise<Uint8Array>>> = {
  png: badgePng,
  jpeg: badgeJpeg,
  webp: badgeWebp,
  gif: badgeGif,
};

/**
 * The badge on images; `apply` gives a whole new file whose foreign metadata is that of the old one, byte for byte. Three things follow from that: a thumbnail
 * in Exif still shows the picture without its badge; further pictures in a JPEG (MPF: previews, gain maps) are kept and not badged; and a C2PA
 * manifest stays but no longer matches the pixels.
 */
export const imageBadge: ExplicitMark<BadgeOptions> = {
  id: 'image-badge',
  modality: 'image',
  formats: BADGE_FORMATS,
  async isPresent(source, formatId, options) {
    const badge = resolveBadge(options);
    drawerOf(formatId);
    return badgeStands(await readAll(source), badge);
  },
  async apply(source, formatId, options): Promise<Marked> {
    const badge = resolveBadge(options);
    return { kind: 'bytes', bytes: await drawerOf(formatId)(await readAll(source), badge) };
  },
};

/**
 * Draws the badge into a PNG, JPEG, WebP or GIF, told apart by its first bytes.
 * @throws TypeError for options that GB 45438-2025 §5.2 forbids.
 * @throws LabelError `NOTICE_NOT_DRAWABLE`, `NOTICE_UNSUPPORTED`, `FORMAT_UNKNOWN`, `FILE_DAMAGED` or `LIMIT_EXCEEDED`.
 */
export const drawBadge = async (bytes: Uint8Array, options: BadgeOptions = {}): Promise<Uint8Array> => {
  const badge = resolveBadge(options);
  return drawerOf(formatOf(bytes))(bytes, badge);
};

const drawerOf = (formatId: string): ((bytes: Uint8Array, badge: ResolvedBadge) => Promise<Uint8Array>) => {
  const id = BADGE_FORMATS.find((known) => known === formatId);
  if (id === undefined) {
    throw new LabelError('NOTICE_UNSUPPORTED', `A badge can be drawn on ${BADGE_FORMATS.join(', ')}, not on ${formatId}.`, {
      data: { formatId },
    });
  }
  return DRAWERS[id];
};

const formatOf = (bytes: Uint8Array): string => {
  const head = String.fromCharCode(...bytes.subarray(0, 12));
  const format = head.startsWith('\x89PNG')
    ? 'png'
    : head.startsWith('\xff\xd8')
      ? 'jpeg'
      : head.startsWith('GIF8')
        ? 'gif'
        : head.startsWith('RIFF') && head.endsWith('WEBP')
          ? 'webp'
          : undefined;
  if (format === undefined) {
    throw new LabelError('FORMAT_UNKNOWN', 'These bytes are neither PNG, JPEG, WebP nor GIF.');
  }
  return format;
};

const readAll = async (source: ByteSource): Promise<Uint8Array> => readBounded(source, 0, source.size, MAXIMUM_FILE_BYTES, 'picture');
