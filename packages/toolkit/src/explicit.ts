import { DEFAULT_NOTICE_TEXT, type ExplicitOptions, type Modality } from '@aigc-label/core';
import type { BadgeOptions } from '@aigc-label/image';

/** Which explicit labels are wanted (GB 45438-2025 §5); everything has a default. */
export interface ExplicitRequest {
  /** The words; they must hold 人工智能 or AI, and 生成 or 合成. The default is `AI生成`. */
  readonly text?: string;
  /** Kinds of content to mark; the others get the implicit label alone. The default is image and text, which are what can be marked now. */
  readonly modalities?: readonly Modality[];
  /** How the badge on pictures looks. */
  readonly image?: Partial<Omit<BadgeOptions, 'text'>>;
  /** Where the notice stands in texts. The default is the start. */
  readonly positions?: readonly ('start' | 'middle' | 'end')[];
}

/** A request as the options of each mark. */
export const explicitOptions = ({
  text = DEFAULT_NOTICE_TEXT,
  modalities = ['image', 'text'],
  image = {},
  positions = ['start'],
}: ExplicitRequest): ExplicitOptions => ({
  modalities,
  marks: { 'image-badge': { ...image, text }, 'text-notice': { text, positions } },
});
