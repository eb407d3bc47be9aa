import type { Remark } from '@aigc-label/core';
import type { NoticePlate } from './notice-plate.ts';

/** How the text stands out at least, over whatever the pictures show. */
export const contrastRemark = ({ contrast }: NoticePlate): Remark => ({ code: 'contrast', data: { ratio: Math.round(contrast * 100) / 100 } });
