import { SOUND_NOTICE_FORMATS, VIDEO_NOTICE_FORMATS } from '@aigc-label/av';
import type { ExplicitMark, Modality, NoticeFinder } from '@aigc-label/core';
import { BADGE_FORMATS } from '@aigc-label/image';

/** A mark that loads what it needs (sharp and the font, ffmpeg, clips) when the first file is to be marked, and not before. */
const lazyMark = (id: string, modality: Modality, formats: readonly string[], load: () => Promise<unknown>): ExplicitMark => {
  const mark = async (): Promise<ExplicitMark> => (await load()) as ExplicitMark;
  return {
    id,
    modality,
    formats,
    isPresent: async (...args) => (await mark()).isPresent(...args),
    apply: async (...args) => (await mark()).apply(...args),
  };
};

/** A finder that loads what it needs when the first file is to be looked into, and not before. */
const lazyFinder = (formats: readonly string[], load: () => Promise<NoticeFinder>): NoticeFinder => ({
  formats,
  isDecoding: true,
  find: async (...args) => (await load()).find(...args),
});

const badge = (): Promise<typeof import('@aigc-label/image/badge')> => import('@aigc-label/image/badge');
const sound = (): Promise<typeof import('@aigc-label/av/sound-notice')> => import('@aigc-label/av/sound-notice');
const video = (): Promise<typeof import('@aigc-label/av/video-notice')> => import('@aigc-label/av/video-notice');

/** The badge on pictures, the notice that is heard, and the notice on the pictures of a video. */
export const lazyMarks: readonly ExplicitMark[] = [
  lazyMark('image-badge', 'image', BADGE_FORMATS, async () => (await badge()).imageBadge),
  lazyMark('sound-notice', 'audio', SOUND_NOTICE_FORMATS, async () => (await sound()).soundNotice),
  lazyMark('video-notice', 'video', VIDEO_NOTICE_FORMATS, async () => (await video()).videoNotice),
];

/** What finds these again. */
export const lazyFinders: readonly NoticeFinder[] = [
  lazyFinder(BADGE_FORMATS, async () => (await import('@aigc-label/image/badge-finder')).badgeFinder),
  lazyFinder(SOUND_NOTICE_FORMATS, async () => (await sound()).soundNoticeFinder),
  lazyFinder(VIDEO_NOTICE_FORMATS, async () => (await video()).videoNoticeFinder),
];
