import { describe, expect, it } from 'vitest';
import { type BadgeOptions, resolveBadge, worstContrast } from './badge-options.ts';

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
    { plateOpacity: 0.5 },
    { plateOpacity: 1.01 },
    { plateOpacity: Number.NaN },
    { plate: 'light', plateOpacity: 0.4 },
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
    { plateOpacity: 0.54 },
    { plate: 'light', plateOpacity: 0.46 },
    { plate: 'none', plateOpacity: 0 },
  ])('accepts %j', (options) => {
    expect(worstContrast(resolveBadge(options))).toBeGreaterThanOrEqual(4.5);
  });

  it('has documented defaults', () => {
    const badge = resolveBadge();
    expect(badge).toEqual({ text: 'AI生成', position: 'bottom-right', heightRatio: 0.052, marginRatio: 0.02, plate: 'dark', plateOpacity: 0.72 });
    expect(worstContrast(badge)).toBeGreaterThan(8.9);
  });
});
