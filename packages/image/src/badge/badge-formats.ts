/** Ids of the formats on which a badge can be drawn. */
export type BadgeFormat = 'png' | 'jpeg' | 'webp' | 'gif';
export const BADGE_FORMATS: readonly BadgeFormat[] = ['png', 'jpeg', 'webp', 'gif'];
