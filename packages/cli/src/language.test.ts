import { expect, test } from 'vitest';
import { chooseLanguage } from './language.ts';

test.each([
  [['verify', '--lang', 'zh'], { LANG: 'en_US.UTF-8' }, 'zh'],
  [['verify', '--lang=en'], { AIGC_LABEL_LANG: 'zh' }, 'en'],
  [['verify', '--', '--lang', 'zh'], {}, 'en'],
  [['verify', '--lang', 'fr'], { LANG: 'zh_CN.UTF-8' }, 'zh'],
  [[], { AIGC_LABEL_LANG: 'zh', LANG: 'C' }, 'zh'],
  [[], { LC_ALL: 'zh_CN.UTF-8' }, 'zh'],
  [[], { LC_ALL: 'C', LANG: 'zh_CN.UTF-8' }, 'en'],
  [[], { LANG: 'zh' }, 'zh'],
  [[], { LANG: 'zhx' }, 'en'],
  [[], {}, 'en'],
] as const)('%j %j: %s', (args, env, expected) => {
  expect(chooseLanguage(args, env)).toBe(expected);
});
