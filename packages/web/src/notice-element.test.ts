import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { fileOf, findBrowser } from '../test/browser.ts';
import { LEAST_CONTRAST } from './contrast.ts';
import { type AigcNotice, NOTICE_POSITIONS, noticeHtml } from './index.ts';

const found = await findBrowser();
if ('reason' in found) {
  console.log(`The notice on a page was not tested: ${found.reason}`);
}
const ORIGIN = 'http://aigc-label.test';
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const SCRIPT = '<script type="module" src="/dist/define.js"></script>';
const POLICY = "default-src 'self'; style-src 'self' 'nonce-n0'";

/** How a reader's machine is set. */
interface Reader {
  readonly colorScheme?: 'light' | 'dark';
  readonly forcedColors?: 'active' | 'none';
  readonly reducedMotion?: 'reduce' | 'no-preference';
  readonly width?: number;
  readonly height?: number;
}

/** One page for all tests, since a new one takes its time; without scripts where asked. */
const pages = new Map<boolean, Promise<Page>>();
const said: string[] = [];
let shown = '';
const pageOf = (hasScripts: boolean): Promise<Page> => {
  const page = pages.get(hasScripts) ?? newPage(hasScripts);
  pages.set(hasScripts, page);
  return page;
};
const newPage = async (hasScripts: boolean): Promise<Page> => {
  if ('reason' in found) {
    throw new Error(found.reason);
  }
  const page = await found.browser.newPage({ javaScriptEnabled: hasScripts });
  page.setDefaultTimeout(20_000);
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(`thrown: ${error.message}`));
  await page.route('**/*', async (route) => {
    const { pathname } = new URL(route.request().url());
    const file = pathname === '/' ? { contentType: 'text/html', body: shown } : await fileOf(pathname);
    await route.fulfill(file === undefined ? { status: 204 } : { ...file, headers: { 'content-security-policy': POLICY } });
  });
  return page;
};

const open = async (body: string, lang = 'zh-CN', reader: Reader = {}, head = SCRIPT, hasScripts = true): Promise<Page> => {
  const { width = 800, height = 600, colorScheme = 'light', forcedColors = 'none', reducedMotion = 'no-preference' } = reader;
  const page = await pageOf(hasScripts);
  said.length = 0;
  shown = `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>t</title>${head}</head><body><main><h1>t</h1>${body}</main></body></html>`;
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ media: 'screen', colorScheme, forcedColors, reducedMotion });
  await page.goto(ORIGIN);
  return page;
};
const noticeOf = (page: Page) => page.locator('aigc-notice .notice');
const picture = '<img src="/picture.svg" width="280" alt="山">';

/** The colours as the browser computed them. */
const coloursOf = (page: Page): Promise<{ color: string; background: string; px: number; line: string }> =>
  noticeOf(page).evaluate((note) => {
    const { color, backgroundColor, fontSize, borderTopColor } = getComputedStyle(note);
    return { color, background: backgroundColor, px: Number.parseFloat(fontSize), line: borderTopColor };
  });
/** WCAG 2.2, written here once more, so that the element is not its own judge. */
const contrast = (a: string, b: string): number => {
  const light = (color: string): number => {
    const levels = color
      .match(/^rgb\((\d+), (\d+), (\d+)\)$/)!
      .slice(1)
      .map((level) => Number(level) / 255)
      .map((level) => (level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4));
    return 0.2126 * levels[0]! + 0.7152 * levels[1]! + 0.0722 * levels[2]!;
  };
  const [dark, bright] = [light(a), light(b)].toSorted((x, y) => x - y);
  return (bright! + 0.05) / (dark! + 0.05);
};

describe.skipIf('reason' in found)('<aigc-notice> in a browser', () => {
  afterAll(async () => {
    if (!('reason' in found)) {
      await found.end();
    }
  });

  it.each([
    ['zh-CN', '内容由AI生成'],
    ['zh-Hant-TW', '内容由AI生成'],
    ['en', 'AI生成 · AI-generated'],
    ['fr', 'AI生成 · AI-generated'],
  ])('speaks the language of the page: %s', async (lang, words) => {
    const page = await open(`<aigc-notice>${picture}</aigc-notice>`, lang);
    expect(await noticeOf(page).textContent()).toBe(words);
    expect(await noticeOf(page).getAttribute('role')).toBe('note');
    expect(await page.locator('main').ariaSnapshot()).toMatch(/- note: .*AI生成/);
    expect(await noticeOf(page).locator('span').first().getAttribute('lang')).toMatch(/^zh/);
    expect(said).toEqual([]);
  });

  it('follows the language of what it stands in, and when it changes', async () => {
    const page = await open('<div lang="en"><aigc-notice>text</aigc-notice></div>');
    expect(await noticeOf(page).textContent()).toBe('AI生成 · AI-generated');
    const other = await open('<aigc-notice>text</aigc-notice>');
    await other.evaluate(() => {
      document.documentElement.lang = 'en';
    });
    expect(await noticeOf(other).textContent()).toBe('AI生成 · AI-generated');
  });

  it.each([...NOTICE_POSITIONS])(
    '%s: seen beside the content or on it, legible, in light and dark, on a phone, without a complaint of axe',
    async (position) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await open(`<aigc-notice position="${position}">${picture}</aigc-notice><p>text</p>`, 'zh-CN', {
          colorScheme,
          width: 320,
          height: 480,
        });
        await page.locator('img').evaluate((image: HTMLImageElement) => image.decode());
        const note = (await noticeOf(page).boundingBox())!;
        const content = (await page.locator('img').boundingBox())!;
        const { color, background, px, line } = await coloursOf(page);
        expect(contrast(color, background)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
        expect(contrast(line, background)).toBeGreaterThanOrEqual(3);
        expect(px).toBeGreaterThanOrEqual(12);
        expect(note.x >= 0 && note.x + note.width <= 320).toBe(true);
        expect(note.height).toBeLessThan(48);
        const isInside =
          note.y >= content.y &&
          note.y + note.height <= content.y + content.height &&
          note.x >= content.x &&
          note.x + note.width <= content.x + content.width;
        const isAbove = note.y + note.height <= content.y;
        const isBelow = note.y >= content.y + content.height;
        expect({ isInside, isAbove, isBelow }).toEqual({
          isInside: /left|right/.test(position),
          isAbove: position === 'above' || position === 'page-top',
          isBelow: position === 'below' || position === 'page-bottom',
        });
        if (isInside) {
          expect(note.x - content.x < 16).toBe(position.endsWith('left'));
          expect(note.y - content.y < 16).toBe(position.startsWith('top'));
        }
        await page.addInitScript({ path: AXE });
        await page.reload();
        const violations = await page.evaluate(async () => {
          const { axe } = window as unknown as { axe: { run(): Promise<{ violations: { id: string }[]; passes: { id: string }[] }> } };
          const results = await axe.run();
          return [
            ...results.violations.map(({ id }) => id),
            results.passes.some(({ id }) => id === 'color-contrast') ? 'contrast was looked at' : '',
          ];
        });
        expect(violations).toEqual(['contrast was looked at']);
        expect(said).toEqual([]);
      }
    },
  );

  it('stays in view as long as the content is', async () => {
    for (const position of ['above', 'below', 'bottom-right']) {
      const page = await open(`<aigc-notice position="${position}"><div style="height:4000px">long</div></aigc-notice>`, 'zh-CN', {}, SCRIPT);
      await page.getByText('long').evaluate((content: HTMLElement) => {
        content.style.height = '4000px';
      });
      for (const y of [0, 1500, 2500]) {
        await page.evaluate((top) => scrollTo(0, top), y);
        await expect.poll(async () => (await noticeOf(page).boundingBox())!.y).toBeLessThan(600);
        expect((await noticeOf(page).boundingBox())!.y).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it('cannot be emptied: not by words, not by a style of the page', async () => {
    const page = await open(
      '<aigc-notice text="">text</aigc-notice>',
      'zh-CN',
      {},
      `${SCRIPT}<style nonce="n0">.notice, aigc-notice::part(notice) { display: none !important }
      main { -webkit-text-fill-color: transparent; font-size: 1px; visibility: visible } </style>`,
    );
    expect(await noticeOf(page).textContent()).toBe('内容由AI生成');
    expect(await noticeOf(page).isVisible()).toBe(true);
    expect((await coloursOf(page)).px).toBeGreaterThanOrEqual(12);
    expect(await noticeOf(page).evaluate((note) => getComputedStyle(note).webkitTextFillColor)).toBe((await coloursOf(page)).color);
    expect(said.length).toBe(1);
    for (const text of ['', ' ', 'AI-generated', '人工智能', '生成', 'AI\u200b生成', 'AI\n生成']) {
      const thrown = await page.locator('aigc-notice').evaluate((element: AigcNotice, words) => {
        try {
          element.text = words;
        } catch (error) {
          return error instanceof TypeError;
        }
        return false;
      }, text);
      expect(thrown).toBe(true);
    }
    await page.locator('aigc-notice').evaluate((element: AigcNotice) => {
      element.text = '人工智能合成 <b>';
    });
    expect(await noticeOf(page).textContent()).toBe('人工智能合成 <b>');
    await page.locator('aigc-notice').evaluate((element: AigcNotice) => {
      element.text = null;
    });
    expect(await noticeOf(page).textContent()).toBe('内容由AI生成');
  });

  it('takes colours of the page where they can be read', async () => {
    const cases: readonly (readonly [string, string, boolean])[] = [
      ['#fff', '#777', false],
      ['#fff', '#0a5', false],
      ['#fff', '#063', true],
      ['#000', 'rgb(255 255 255 / 50%)', false],
      ['#000', 'transparent', false],
      ['#000', '', false],
    ];
    const rules = cases.map(([color, background], index) => {
      const second = background === '' ? '' : `--aigc-notice-background: ${background}`;
      return `#c${index} { --aigc-notice-color: ${color}; ${second} }`;
    });
    const body = cases.map((_case, index) => `<aigc-notice id="c${index}">text</aigc-notice>`).join('');
    const page = await open(body, 'zh-CN', {}, `${SCRIPT}<style nonce="n0">${rules.join('')}</style>`);
    const seen = await noticeOf(page).evaluateAll((notes) =>
      notes.map((note) => ({ color: getComputedStyle(note).color, background: getComputedStyle(note).backgroundColor })),
    );
    expect(seen.map(({ color }) => color !== 'rgb(26, 26, 26)')).toEqual(cases.map(([, , isTaken]) => isTaken));
    for (const { color, background } of seen) {
      expect(contrast(color, background)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
    }
    expect(said.length).toBe(5);
    expect(said[0]).toContain('4.48 : 1');
  });

  it('stays on a picture that is narrower than its words, and has its own Chinese letters', async () => {
    const page = await open('<aigc-notice position="bottom-right"><img src="/picture.svg" width="90" alt="山"></aigc-notice>', 'en');
    await page.locator('img').evaluate((image: HTMLImageElement) => image.decode());
    const note = (await noticeOf(page).boundingBox())!;
    const content = (await page.locator('img').boundingBox())!;
    expect(content.width).toBe(90);
    expect(note.x >= content.x && note.x + note.width <= content.x + content.width).toBe(true);
    await expect
      .poll(() => page.evaluate(() => [...document.fonts].map(({ family, status }) => `${family} ${status}`)))
      .toEqual(['AIGC Notice loaded']);
    const letters = await page.evaluate(() => {
      const { family, unicodeRange } = [...document.fonts][0]!;
      return [document.fonts.check(`14px "${family}"`, '生成'), unicodeRange.includes('U+751F')];
    });
    expect(letters).toEqual([true, true]);
  });

  it('forced colours, print and reduced motion', async () => {
    const page = await open(`<aigc-notice>${picture}</aigc-notice>`, 'zh-CN', { forcedColors: 'active', reducedMotion: 'reduce' });
    const forced = await coloursOf(page);
    expect(contrast(forced.color, forced.background)).toBeGreaterThanOrEqual(7);
    const moves = await noticeOf(page).evaluate((note) => [
      getComputedStyle(note).transitionDuration,
      getComputedStyle(note).animationName,
      document.getAnimations().length,
    ]);
    expect(moves).toEqual(['0s', 'none', 0]);
    await page.emulateMedia({ media: 'print', forcedColors: 'none', colorScheme: 'dark' });
    expect(await coloursOf(page)).toMatchObject({ color: 'rgb(0, 0, 0)', background: 'rgb(255, 255, 255)' });
    expect(await noticeOf(page).isVisible()).toBe(true);
  });

  it('as a server writes it: seen without a script, and taken over by one', async () => {
    const html = noticeHtml(picture, { lang: 'en', position: 'bottom-right', nonce: 'n0' });
    const silent = await open(html, 'en', {}, SCRIPT, false);
    const before = await noticeOf(silent).boundingBox();
    expect(before?.height).toBeGreaterThan(12);
    expect(await noticeOf(silent).textContent()).toBe('AI生成 · AI-generated');
    const page = await open(html, 'en');
    await page.waitForFunction(() => customElements.get('aigc-notice') !== undefined);
    const after = await noticeOf(page).boundingBox();
    // The letters that a script brings are as high and a little wider than those of a machine without any.
    const edges = (box: typeof after): readonly unknown[] => [box?.y, box?.height, box === null || box.x + box.width];
    expect(edges(after)).toEqual(edges(before));
    expect(await noticeOf(page).count()).toBe(1);
    expect(said).toEqual([]);
  });

  it('moves, and is told of a position that does not exist', async () => {
    const page = await open('<aigc-notice position="nowhere">text</aigc-notice>');
    expect(said.length).toBe(1);
    await page.locator('aigc-notice').evaluate((element: AigcNotice) => {
      element.position = 'page-bottom';
      document.body.append(element);
    });
    expect(await noticeOf(page).getAttribute('class')).toContain('page-bottom');
  });

  it('the style sheet for notices within a page', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const body = '<p role="note" lang="zh-CN" class="aigc-notice">AI生成</p><h2>t<sup class="aigc-corner-mark">AI</sup></h2>';
      const page = await open(body, 'zh-CN', { colorScheme }, '<link rel="stylesheet" href="/aigc-notice.css">');
      for (const name of ['.aigc-notice', '.aigc-corner-mark']) {
        const [color, background, size] = await page.locator(name).evaluate((note) => {
          const style = getComputedStyle(note);
          return [style.color, style.backgroundColor, style.fontSize];
        });
        expect(contrast(color!, background!)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
        expect(Number.parseFloat(size!)).toBeGreaterThanOrEqual(12);
      }
    }
  });
});
