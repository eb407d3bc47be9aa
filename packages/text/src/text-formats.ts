import type { Format } from '@aigc-label/core';
import { html } from './html.ts';
import { markdown } from './markdown.ts';
import { plainText } from './plain-text.ts';

/** Every format of this package. */
export const textFormats: readonly Format[] = [html, markdown, plainText];
