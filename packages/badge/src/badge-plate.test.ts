import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { layoutBadge } from './badge-layout.ts';
import { type BadgeOptions, resolveBadge } from './badge-options.ts';
import { plateOf } from './badge-plate.ts';

const hashOf = async (options: BadgeOptions, width: number, height: number): Promise<string> => {
  const badge = resolveBadge(options);
  const layout = layoutBadge(badge, width, height);
  const plate = await plateOf(layout, badge);
  return createHash('sha256').update(`${plate.width}×${plate.height}`).update(plate.ground).update(plate.ink).digest('hex');
};

describe('the plate', () => {
  // Frozen: the same on a machine without fonts, and another version of sharp that draws otherwise must be seen here first.
  it.each<[BadgeOptions, number, number, string]>([
    [{}, 1600, 1067, 'f5ff6c13d648e1ff11b1d71dc20940b50004d2304b080aec69a46887f369d2db'],
    [{ text: '人工智能生成合成内容', plate: 'light' }, 1024, 1024, 'ede24dbaed4fc304a07d6ad7d181f5cb635d34811afe74fd857525178a3801ac'],
    [{ text: '内容由 AI 生成\n（请注意辨别）', plate: 'none' }, 640, 480, 'd12668606d14d491797af46676002b79b9672d5dc77731551bdc823256e675e1'],
    [{}, 32, 32, 'a526825322bbf09ce16a479330f279173e26aa6e0443cb615ad9f2d0c4696701'],
  ])('%j on %i × %i is the same pixel for pixel everywhere', async (options, width, height, sha256) => {
    expect(await hashOf(options, width, height)).toBe(sha256);
  });

  it('is drawn once for pictures of one size', async () => {
    const badge = resolveBadge();
    const layout = layoutBadge(badge, 800, 600);
    expect(plateOf(layout, badge)).toBe(plateOf(layoutBadge(badge, 900, 600), badge));
    expect(plateOf(layout, badge)).not.toBe(plateOf(layoutBadge(badge, 800, 800), badge));
  });

  it('leaves no glyph outside', async () => {
    for (const text of ['AI生成', '|AI生成_gjpqy{}', '人工智能生成合成内容，请注意辨别！']) {
      const badge = resolveBadge({ text });
      const plate = await plateOf(layoutBadge(badge, 3000, 500), badge);
      const edges = Array.from(plate.ink).filter((coverage, at) => {
        const [x, y] = [at % plate.width, Math.floor(at / plate.width)];
        return coverage > 0 && (x === 0 || y === 0 || x === plate.width - 1 || y === plate.height - 1);
      });
      expect(edges).toEqual([]);
      expect(plate.ink.some((coverage) => coverage === 255)).toBe(true);
    }
  });
});
