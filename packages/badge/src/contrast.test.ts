import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutBadge } from './badge-layout.ts';
import { resolveBadge } from './badge-options.ts';
import { plateOf } from './badge-plate.ts';
import { ANYTHING, beneathOf, contrastOver, suitedTo } from './contrast.ts';

const grey = fc.double({ min: 0, max: 1, noNaN: true });

describe('contrast', () => {
  it('is what WCAG 2.2 says of black, white and a middle grey', () => {
    expect(contrastOver({ plate: 'dark', plateOpacity: 1 }, ANYTHING)).toBeCloseTo(21, 5);
    expect(contrastOver({ plate: 'dark', plateOpacity: 0 }, { darkest: 1, brightest: 1 })).toBeCloseTo(1, 5);
    // White on #777777 is the well-known pair just below AA.
    expect(contrastOver({ plate: 'dark', plateOpacity: 0 }, { darkest: 0, brightest: 119 / 255 })).toBeCloseTo(4.478, 2);
    expect(contrastOver({ plate: 'light', plateOpacity: 0 }, { darkest: 119 / 255, brightest: 1 })).toBeCloseTo(21 / 4.478, 1);
  });

  it('stays above 4.5 : 1 whatever lies beneath, and opacity rises only where it must', () => {
    fc.assert(
      fc.property(grey, grey, grey, fc.constantFrom('dark', 'light', 'none', 'auto'), (a, b, wanted, plate) => {
        const beneath = { darkest: Math.min(a, b), brightest: Math.max(a, b) };
        const badge = resolveBadge({ plate, plateOpacity: 0.2 + 0.8 * wanted });
        const suited = suitedTo(badge, beneath);
        expect(contrastOver(suited, beneath)).toBeGreaterThanOrEqual(4.5);
        expect(suited.plateOpacity).toBeGreaterThanOrEqual(badge.plateOpacity);
        if (contrastOver({ ...suited, plateOpacity: badge.plateOpacity }, beneath) > 4.95) {
          expect(suited.plateOpacity).toBe(badge.plateOpacity);
        }
      }),
    );
  });

  it('makes a subtle plate faint on a dark picture and a light one on a bright one', async () => {
    const badge = resolveBadge({ style: 'subtle' });
    expect(suitedTo(badge, { darkest: 0, brightest: 0.3 })).toMatchObject({ plate: 'dark', plateOpacity: 0.3 });
    expect(suitedTo(badge, { darkest: 0.8, brightest: 1 })).toMatchObject({ plate: 'light', plateOpacity: 0.3 });
    const layout = layoutBadge(badge, 640, 480);
    const [faint, worst] = [await plateOf(layout, badge, { darkest: 0, brightest: 0.3 }), await plateOf(layout, badge)];
    expect(Math.max(...faint.ground)).toBeLessThan(Math.max(...worst.ground));
    expect(faint.contrast).toBeGreaterThan(4.5);
    expect(worst.contrast).toBeGreaterThan(4.5);
  });

  it('knows the darkest and the brightest of what it is shown', () => {
    expect(beneathOf(Uint8Array.of(51, 255, 102))).toEqual({ darkest: 0.2, brightest: 1 });
    expect(beneathOf([])).toEqual(ANYTHING);
  });
});
