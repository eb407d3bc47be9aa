import { type ExplicitRequest, hasNoticeElements, NOTICE_PRESETS, noticeWords } from 'aigc-label';
import { z } from 'zod';

const POSITIONS = ['bottom-right', 'bottom-left', 'top-right', 'top-left', 'top', 'bottom', 'left', 'right'] as const;
const PLATES = ['dark', 'light', 'none', 'auto'] as const;
const STYLES = ['standard', 'light', 'outline', 'subtle', 'solid', 'large'] as const;

/** Everything that can be set in the config file, by environment and by flag, under one name. Absent means: what the toolkit has as default. */
export interface Settings {
  readonly producer?: string | undefined;
  readonly propagator?: string | undefined;
  readonly label?: '1' | '2' | '3' | undefined;
  readonly explicit?: boolean | undefined;
  readonly explicitText?: string | undefined;
  readonly explicitFor?: readonly ('text' | 'image' | 'audio' | 'video')[] | undefined;
  readonly badgeStyle?: (typeof STYLES)[number] | undefined;
  readonly badgePosition?: (typeof POSITIONS)[number] | undefined;
  readonly badgePlate?: (typeof PLATES)[number] | undefined;
  readonly badgeHeight?: number | undefined;
  readonly badgeMargin?: number | undefined;
  readonly badgeOpacity?: number | undefined;
  readonly noticePosition?: readonly ('start' | 'middle' | 'end' | 'throughout')[] | undefined;
  readonly noticeForm?: 'sentence' | 'corner-mark' | undefined;
  readonly soundKind?: 'speech' | 'rhythm' | undefined;
  readonly soundLanguage?: 'zh' | 'en' | 'zh-en' | undefined;
  /** A WAV file whose words are `explicitText`. */
  readonly soundClip?: string | undefined;
  readonly soundPosition?: readonly ('start' | 'middle' | 'end')[] | undefined;
  readonly videoWhen?: 'opening' | 'throughout' | undefined;
  readonly videoAlso?: readonly ('middle' | 'end')[] | undefined;
  readonly videoSeconds?: number | undefined;
  /** Sign with a key of the key folder; `key` alone asks for it, too. */
  readonly sign?: boolean | undefined;
  readonly key?: string | undefined;
  readonly signatureProfile?: 'jws' | 'tc260' | undefined;
  readonly model?: string | undefined;
  /** A file, a `postgres://` address, or `none`. */
  readonly records?: string | undefined;
  readonly log?: string | undefined;
  readonly logOrigin?: string | undefined;
  readonly trust?: string | undefined;
  readonly onUnverified?: 'suspected' | 'generated' | undefined;
  readonly soft?: boolean | undefined;
  readonly concurrency?: number | undefined;
  readonly lang?: 'en' | 'zh' | undefined;
  readonly quiet?: boolean | undefined;
}

/** Stands for the sentence that `Words` has on what a notice must hold. */
export const NOTICE_RULE = 'notice-rule';

/** The same on the name of a model. */
export const MODEL_RULE = 'model-rule';

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
    .refine((text) => hasNoticeElements(noticeWords(text)), { error: NOTICE_RULE }),
  explicitFor: listOf(z.enum(['text', 'image', 'audio', 'video'])),
  badgeStyle: z.enum(STYLES),
  badgePosition: z.enum(POSITIONS),
  badgePlate: z.enum(PLATES),
  badgeHeight: number(0.05, 0.5),
  badgeMargin: number(0, 0.2),
  badgeOpacity: number(0.2, 1),
  noticePosition: listOf(z.enum(['start', 'middle', 'end', 'throughout'])),
  noticeForm: z.enum(['sentence', 'corner-mark']),
  soundKind: z.enum(['speech', 'rhythm']),
  soundLanguage: z.enum(['zh', 'en', 'zh-en']),
  soundClip: z.string().min(1),
  soundPosition: listOf(z.enum(['start', 'middle', 'end'])),
  videoWhen: z.enum(['opening', 'throughout']),
  videoAlso: listOf(z.enum(['middle', 'end'])),
  videoSeconds: number(2, 60),
  sign: flag,
  key: z.string().min(1).max(64),
  signatureProfile: z.enum(['jws', 'tc260']),
  model: z.string().regex(/^[\x20-\x7e]{1,200}$/, { error: MODEL_RULE }),
  records: z.string().min(1),
  log: z.string().min(1),
  logOrigin: z.string().min(1).max(200),
  trust: z.string().min(1),
  onUnverified: z.enum(['suspected', 'generated']),
  soft: flag,
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

/**
 * The explicit label that settings ask for; words of its own ask for one, too, unless `explicit` says no.
 *
 * @param clip what `soundClip` names.
 */
export const explicitOf = (settings: Settings, clip?: Uint8Array): ExplicitRequest | undefined => {
  if (!(settings.explicit ?? settings.explicitText !== undefined)) {
    return undefined;
  }
  return {
    ...given({ text: settings.explicitText, modalities: settings.explicitFor, positions: settings.noticePosition, form: settings.noticeForm }),
    image: imageOf(settings),
    audio: given({
      kind: settings.soundKind,
      language: settings.soundLanguage,
      positions: settings.soundPosition,
      clip,
      text: clip === undefined ? undefined : noticeWords(settings.explicitText ?? NOTICE_PRESETS.short),
    }),
    video: { ...imageOf(settings), ...given({ when: settings.videoWhen, also: settings.videoAlso, seconds: settings.videoSeconds }) },
  };
};

const imageOf = (settings: Settings): NonNullable<ExplicitRequest['image']> =>
  given({
    style: settings.badgeStyle,
    position: settings.badgePosition,
    plate: settings.badgePlate,
    heightRatio: settings.badgeHeight,
    marginRatio: settings.badgeMargin,
    plateOpacity: settings.badgeOpacity,
  });

/** Without what nobody said. */
const given = <Fields extends Readonly<Record<string, unknown>>>(fields: Fields): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]?: Exclude<Fields[Name], undefined>;
  };
