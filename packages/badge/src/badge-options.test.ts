import { describe, expect, it } from 'vitest';
import { type BadgeOptions, resolveBadge } from './badge-options.ts';
import { ANYTHING, contrastOver, suitedTo } from './contrast.ts';

describe('resolveBadge', () => {
  it.each<BadgeOptions>([
    { text: '生成' },
    { text: 'AI' },
    { text: '人工智能' },
    { text: 'ai生成' },
    { text: '' },
    { text: `AI生成${'字'.repeat(200)}` },
    { heightRatio: 0.0499 },
    { heightRatio: Number.NaN },
    { heightRatio: 0.6 },
    { marginRatio: -0.01 },
    { marginRatio: 0.3 },
    { plateOpacity: 0.1 },
    { plateOpacity: 1.01 },
    { plateOpacity: Number.NaN },
    { style: 'shouting' as 'large' },
    { position: 'centre' as 'top' },
    { plate: 'red' as 'dark' },
  ])('refuses %j', (options) => {
    expect(() => resolveBadge(options)).toThrow(TypeError);
  });

  it.each<BadgeOptions>([
    {},
    { text: '人工智能生成' },
    { text: 'AI合成' },
    { text: '内容由AI生成，请注意辨别' },
    { heightRatio: 0.05 },
    { plateOpacity: 0.2 },
    { plate: 'light', plateOpacity: 0.3 },
    { plate: 'none', plateOpacity: 0.2 },
    { plate: 'auto', plateOpacity: 0.2 },
    { style: 'subtle' },
    { style: 'outline' },
  ])('accepts %j, and keeps a contrast of 4.5 : 1 over anything', (options) => {
    expect(contrastOver(suitedTo(resolveBadge(options), ANYTHING), ANYTHING)).toBeGreaterThanOrEqual(4.5);
  });

  it('takes a look by name, which what is said overrides', () => {
    expect(resolveBadge({ style: 'large' })).toMatchObject({ heightRatio: 0.08, plate: 'auto' });
    expect(resolveBadge({ style: 'large', heightRatio: 0.06, plate: undefined as never })).toMatchObject({ heightRatio: 0.06, plate: 'auto' });
  });

  it('has documented defaults', () => {
    const badge = resolveBadge();
    expect(badge).toEqual({ text: 'AI生成', position: 'bottom-right', heightRatio: 0.052, marginRatio: 0.02, plate: 'dark', plateOpacity: 0.72 });
    expect(contrastOver(badge, ANYTHING)).toBeGreaterThan(8.9);
  });
});
