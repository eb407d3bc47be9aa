/** The visible badge as a mark (GB 45438-2025 §5.2). */

import { type BadgeOptions, type ResolvedBadge, resolveBadge } from '@aigc-label/badge';
import { type ByteSource, type ExplicitMark, LabelError, type Marked, type Remark, readBounded } from '@aigc-label/core';
import { BADGE_FORMATS, type BadgeFormat } from './badge-formats.ts';
import { openGif } from './gif-badge.ts';
import { openJpeg } from './jpeg-badge.ts';
import type { OpenedPicture } from './opened-picture.ts';
import { openPng } from './png-badge.ts';
import { openWebp } from './webp-badge.ts';

/** The largest file that is read into memory to be redrawn, in bytes. */
export const MAXIMUM_FILE_BYTES: number = 512 << 20;

const OPENERS: Readonly<Record<BadgeFormat, (bytes: Uint8Array, badge: ResolvedBadge) => Promise<OpenedPicture>>> = {
  png: openPng,
  jpeg: openJpeg,
  webp: openWebp,
  gif: openGif,
};

/** Pictures of which it was asked whether they have their badge, and that are likely to get it next. */
const opened = new WeakMap<ByteSource, { readonly key: string; readonly picture: OpenedPicture }>();

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
    const picture = await openerOf(formatId)(await readAll(source), badge);
    const stands = await picture.stands();
    if (!stands) {
      opened.set(source, { key: keyOf(formatId, badge), picture });
    }
    return stands;
  },
  async apply(source, formatId, options): Promise<Marked> {
    const badge = resolveBadge(options);
    const known = opened.get(source);
    opened.delete(source);
    const picture = known?.key === keyOf(formatId, badge) ? known.picture : await openerOf(formatId)(await readAll(source), badge);
    const { bytes, contrast, isRestKept } = await picture.draw();
    const remark: Remark = { code: 'contrast', data: { ratio: Math.round(contrast * 100) / 100 } };
    return { kind: 'bytes', bytes, remarks: isRestKept ? [{ code: 'content_kept', data: {} }, remark] : [remark] };
  },
};

const keyOf = (formatId: string, badge: ResolvedBadge): string => JSON.stringify([formatId, badge]);

/**
 * Draws the badge into a PNG, JPEG, WebP or GIF, told apart by its first bytes.
 * @throws TypeError for options that GB 45438-2025 §5.2 forbids.
 * @throws LabelError `NOTICE_NOT_DRAWABLE`, `NOTICE_UNSUPPORTED`, `FORMAT_UNKNOWN`, `FILE_DAMAGED` or `LIMIT_EXCEEDED`.
 */
export const drawBadge = async (bytes: Uint8Array, options: BadgeOptions = {}): Promise<Uint8Array> => {
  const badge = resolveBadge(options);
  const picture = await openerOf(formatOf(bytes))(bytes, badge);
  return (await picture.draw()).bytes;
};

const openerOf = (formatId: string): ((bytes: Uint8Array, badge: ResolvedBadge) => Promise<OpenedPicture>) => {
  const id = BADGE_FORMATS.find((known) => known === formatId);
  if (id === undefined) {
    throw new LabelError('NOTICE_UNSUPPORTED', `A badge can be drawn on ${BADGE_FORMATS.join(', ')}, not on ${formatId}.`, {
      data: { formatId },
    });
  }
  return OPENERS[id];
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
