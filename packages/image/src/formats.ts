import type { Format } from '@aigc-label/core';
import { gif } from './gif.ts';
import { jpeg } from './jpeg.ts';
import { png } from './png.ts';
import { webp } from './webp.ts';

/** Image formats; for any head at most one of them matches. */
export const imageFormats: readonly Format[] = [png, jpeg, gif, webp];
