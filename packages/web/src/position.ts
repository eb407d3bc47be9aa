/**
 * Where a notice stands (GB 45438-2025 §5.6): by the content (`above`, `below`), on a corner of it, or at an edge of the page (`page-top`, `page-bottom`).
 * By long content it stays in view while the content is.
 */
export type NoticePosition = 'above' | 'below' | 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right' | 'page-top' | 'page-bottom';

/** Every position. */
export const NOTICE_POSITIONS: readonly NoticePosition[] = [
  'above',
  'below',
  'top-left',
  'top-right',
  'bottom-left',
  'bottom-right',
  'page-top',
  'page-bottom',
];

/** Whether the notice is read before the content. */
export const isBefore = (position: NoticePosition): boolean => position === 'above' || position.includes('top');

/** The position of that name. */
export const positionNamed = (name: string | null): NoticePosition | undefined => NOTICE_POSITIONS.find((position) => position === name);
