export { html } from './html.ts';
export { markdown } from './markdown.ts';
export { plainText } from './plain-text.ts';
export { textFormats } from './text-formats.ts';
