import { NOTICE_FONT_BASE64, NOTICE_FONT_FAMILY, NOTICE_FONT_RANGE } from './notice-font.ts';

let isLoaded = false;

/** Gives the page the few Chinese characters of a notice, once; from memory, so that no policy and no lost connection keeps it away. */
export const loadNoticeFont = (): void => {
  if (isLoaded || typeof FontFace === 'undefined') {
    return;
  }
  isLoaded = true;
  const bytes = Uint8Array.from(atob(NOTICE_FONT_BASE64), (character) => character.charCodeAt(0));
  document.fonts.add(new FontFace(NOTICE_FONT_FAMILY, bytes, { unicodeRange: NOTICE_FONT_RANGE, weight: '500' }));
};
