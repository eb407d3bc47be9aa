import { describe, expect, it } from 'vitest';
import { layoutBadge } from './badge-layout.ts';
import { resolveBadge } from './badge-options.ts';

const linesOf = (text: string, width: number, height: number): readonly string[] => {
  const lines = new Map<number, string>();
  for (const { outline, baseline } of layoutBadge(resolveBadge({ text }), width, height).glyphs) {
    lines.set(baseline, (lines.get(baseline) ?? '') + outline.character);
  }
  return [...lines.values()];
};

describe('layoutBadge', () => {
  it('wraps before it refuses, and keeps the words that the standard asks for together while it can', () => {
    expect(linesOf('AI生成', 1000, 1000)).toEqual(['AI生成']);
    expect(linesOf('AI生成', 32, 32)).toEqual(['AI', '生成']);
    expect(linesOf('人工智能生成合成内容', 60, 400)).toEqual(['人工智能', '生成合成', '内容']);
    expect(linesOf('AI生成', 15, 500)).toEqual(['AI', '生', '成']);
    expect(linesOf('AI 生成\n请辨别', 1000, 1000)).toEqual(['AI 生成', '请辨别']);
  });

  it.each([
    ['AI生成', 14, 14],
    ['人工智能生成', 16, 16],
    ['AI生成', 1, 1],
    ['AI生成', 6, 500],
    ['AI生成', 5000, 6],
    [`AI生成${'测'.repeat(150)}`, 100, 100],
  ])('refuses %s on %i × %i with a reason instead of shrinking it', (text, width, height) => {
    expect(() => layoutBadge(resolveBadge({ text }), width, height)).toThrow(
      expect.objectContaining({
        code: 'NOTICE_NOT_DRAWABLE',
        data: expect.objectContaining({ reason: 'no_room', width, height }) as unknown,
      }) as Error,
    );
  });

  it.each([
    ['AI生成', 16, 16, ['AI', '生成']],
    ['AI合成', 24, 16, ['AI', '合成']],
    ['AI生成', 10, 500, ['AI', '生', '成']],
    ['AI生成', 5000, 12, ['AI生成']],
  ])('sets %s on %i × %i in whole pixels, where no outline would be legible', (text, width, height, lines) => {
    expect(linesOf(text, width, height)).toEqual(lines);
    const layout = layoutBadge(resolveBadge({ text }), width, height);
    expect(layout.capPixels).toBe(7);
    expect(layout.glyphs.every(({ x, baseline }) => Number.isInteger(x) && Number.isInteger(baseline))).toBe(true);
    expect(layout.width <= width && layout.height <= height).toBe(true);
  });

  it('never lets the plate leave the picture', () => {
    for (let side = 20; side < 400; side += 7) {
      for (const [width, height] of [
        [side, side],
        [side * 5, side],
        [side, side * 3],
      ] as const) {
        for (const position of ['bottom-right', 'top', 'left', 'top-left'] as const) {
          try {
            const layout = layoutBadge(resolveBadge({ position, text: '人工智能生成' }), width, height);
            expect(layout.left).toBeGreaterThanOrEqual(0);
            expect(layout.top).toBeGreaterThanOrEqual(0);
            expect(layout.left + layout.width).toBeLessThanOrEqual(width);
            expect(layout.top + layout.height).toBeLessThanOrEqual(height);
          } catch (error) {
            expect(error).toMatchObject({ code: 'NOTICE_NOT_DRAWABLE' });
          }
        }
      }
    }
  });
});
