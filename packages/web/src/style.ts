// The look of a notice within its shadow root. Pages can change it by the custom properties that are named here, and hide it by none of them.

import { NOTICE_FONT_FAMILY } from './notice-font.ts';

/** Opaque colours, so that what lies beneath changes nothing: 16.1 and 13.6 to 1. */
const LIGHT = '--color: #1a1a1a; --background: #f7f7f7; --line: #6b6b6b;';
const DARK = '--color: #f2f2f2; --background: #262626; --line: #9a9a9a;';

/**
 * Custom properties of the host: `--aigc-notice-color` and `--aigc-notice-background` (used together, where their contrast is 4.5 : 1 or more), `--aigc-notice-font`,
 * `--aigc-notice-size` (never below 12 px), `--aigc-notice-inset`, `--aigc-notice-radius`, `--aigc-notice-layer` (z-index).
 */
export const NOTICE_STYLE: string = `
:host { display: block; position: relative; --inset: var(--aigc-notice-inset, 0.5rem); ${LIGHT} }
:host([theme='dark']) { ${DARK} }
@media (prefers-color-scheme: dark) { :host(:not([theme='light'])) { ${DARK} } }
.notice {
  box-sizing: border-box !important;
  display: block !important;
  visibility: visible !important;
  opacity: 1 !important;
  position: sticky;
  z-index: var(--aigc-notice-layer, 1);
  inline-size: fit-content;
  max-inline-size: 100%;
  margin: 0;
  padding: 0.25em 0.6em;
  border: 1px solid var(--line);
  border-radius: var(--aigc-notice-radius, 0.25em);
  color: var(--color);
  background: var(--background);
  font: 500 max(var(--aigc-notice-size, 0.875rem), 12px) / 1.4 var(--aigc-notice-font, system-ui), 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', '${NOTICE_FONT_FAMILY}', sans-serif;
  letter-spacing: normal;
  text-align: start;
  text-indent: 0;
  text-transform: none;
  white-space: normal;
  overflow-wrap: anywhere;
  word-spacing: normal;
  text-shadow: none;
  -webkit-text-fill-color: currentColor;
}
.own-colors { color: var(--aigc-notice-color); background: var(--aigc-notice-background); border-color: currentColor; }
.above { inset-block-start: 0; margin-block-end: var(--inset); }
.below { inset-block-end: 0; margin-block-start: var(--inset); }
.corner { position: relative; inline-size: fit-content; max-inline-size: 100%; }
.layer { display: contents; }
.corner > .layer { display: grid; position: absolute; inset: 0; pointer-events: none; }
.corner > .layer > .notice { max-inline-size: calc(100% - 2 * var(--inset)); margin: var(--inset); inset-block: var(--inset); }
.top-left { place-self: start left; }
.top-right { place-self: start right; }
.bottom-left { place-self: end left; }
.bottom-right { place-self: end right; }
.page .notice { position: fixed; inset-inline: 0; inline-size: auto; border-inline-width: 0; border-radius: 0; text-align: center; z-index: var(--aigc-notice-layer, 2147483647); }
.page-top { inset-block-start: 0; padding-block-start: calc(0.25em + env(safe-area-inset-top, 0px)); }
.page-bottom { inset-block-end: 0; padding-block-end: calc(0.25em + env(safe-area-inset-bottom, 0px)); }
.corner ::slotted(:is(img, video, canvas)) { display: block; max-inline-size: 100%; }
@media (forced-colors: active) { .notice { color: CanvasText; background: Canvas; border-color: CanvasText; } }
@media print { .notice { color: #000; background: #fff; border-color: #000; print-color-adjust: exact; } .above, .below { position: static; } }
`.trim();
