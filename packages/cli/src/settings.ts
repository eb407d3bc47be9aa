import { type ExplicitRequest, hasNoticeElements } from 'aigc-label';
import { z } from 'zod';

const POSITIONS = ['bottom-right', 'bottom-left', 'top-right', 'top-left', 'top', 'bottom', 'left', 'right'] as const;
const PLATES = ['dark', 'light', 'none'] as const;

/** Everything that can be set in the config file, by environment and by flag, under one name. Absent means: what the toolkit has as default. */
export interface Settings {
  readonly producer?: string | undefined;
  readonly propagator?: string | undefined;
  readonly label?: '1' | '2' | '3' | undefined;
  readonly explicit?: boolean | undefined;
  readonly explicitText?: string | undefined;
  readonly explicitFor?: readonly ('text' | 'image' | 'audio' | 'video')[] | undefined;
  readonly badgePosition?: (typeof POSITIONS)[number] | undefined;
  readonly badgePlate?: (typeof PLATES)[number] | undefined;
  readonly badgeHeight?: number | undefined;
  readonly badgeMargin?: number | undefined;
  readonly badgeOpacity?: number | undefined;
  readonly noticePosition?: readonly ('start' | 'middle' | 'end')[] | undefined;
  readonly concurrency?: number | undefined;
  readonly lang?: 'en' | 'zh' | undefined;
  readonly quiet?: boolean | undefined;
}

/** Stands for the sentence that `Words` has on what a notice must hold. */
export const NOTICE_RULE = 'notice-rule';

/** A list in a config file; `a,b` in the environment and in flags. */
const listOf = <Item extends z.ZodType>(item: Item): z.ZodPreprocess<z.ZodArray<Item>> =>
  z.preprocess((value) => (typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value), z.array(item).min(1));

const number = (minimum: number, maximum: number): z.ZodPreprocess<z.ZodNumber> => z.preprocess(numberOf, z.number().min(minimum).max(maximum));

const TRUE_OR_FALSE: Readonly<Record<string, boolean>> = { true: true, '1': true, yes: true, false: false, '0': false, no: false };

const flag: z.ZodPreprocess<z.ZodBoolean> = z.preprocess(
  (value) => (typeof value === 'string' ? (TRUE_OR_FALSE[value.toLowerCase()] ?? value) : value),
  z.boolean(),
);

const numberOf = (value: unknown): unknown => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value);

/** The bounds are those of GB 45438-2025 §5 and of the badge; `explicitText` must hold both elements (§5.1 to §5.4). */
const SHAPE = {
  producer: z.string().min(1).max(1024),
  propagator: z.string().min(1).max(1024),
  label: z.preprocess((value) => (typeof value === 'number' ? String(value) : value), z.enum(['1', '2', '3'])),
  explicit: flag,
  explicitText: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u, { error: NOTICE_RULE })
    .refine(hasNoticeElements, { error: NOTICE_RULE }),
  explicitFor: listOf(z.enum(['text', 'image', 'audio', 'video'])),
  badgePosition: z.enum(POSITIONS),
  badgePlate: z.enum(PLATES),
  badgeHeight: number(0.05, 0.5),
  badgeMargin: number(0, 0.2),
  badgeOpacity: number(0.54, 1),
  noticePosition: listOf(z.enum(['start', 'middle', 'end'])),
  concurrency: z.preprocess(numberOf, z.int().min(1).max(256)),
  lang: z.enum(['en', 'zh']),
  quiet: flag,
};

/** What a config file, the environment and flags may say. */
export const settingsSchema: z.ZodType<Settings> = z.strictObject(SHAPE).partial();

/** The names of all settings, as the config file has them. */
export const SETTING_NAMES: readonly (keyof Settings)[] = Object.keys(SHAPE) as (keyof Settings)[];

/** A setting's variable: `AIGC_LABEL_BADGE_POSITION`. */
export const variableOf = (name: string): string => `AIGC_LABEL_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

/** A setting's flag: `--badge-position`. */
export const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The explicit label that settings ask for; words of its own ask for one, too, unless `explicit` says no. */
export const explicitOf = (settings: Settings): ExplicitRequest | undefined => {
  if (!(settings.explicit ?? settings.explicitText !== undefined)) {
    return undefined;
  }
  const image: Record<string, unknown> = {
    position: settings.badgePosition,
    plate: settings.badgePlate,
    heightRatio: settings.badgeHeight,
    marginRatio: settings.badgeMargin,
    plateOpacity: settings.badgeOpacity,
  };
  const given = Object.fromEntries(Object.entries(image).filter(([, value]) => value !== undefined)) as NonNullable<ExplicitRequest['image']>;
  return {
    ...(settings.explicitText === undefined ? {} : { text: settings.explicitText }),
    ...(settings.explicitFor === undefined ? {} : { modalities: settings.explicitFor }),
    ...(settings.noticePosition === undefined ? {} : { positions: settings.noticePosition }),
    image: given,
  };
};
