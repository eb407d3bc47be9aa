import type { Regime } from '@aigc-label/core';

/** An invented law: the example of CONTRIBUTING.md. */
export const atlantisAct: Regime = {
  id: 'atlantis-2027',
  title: { en: 'Act on Drowned Images (2027)', zh: '《沉没影像法》（2027）' },
  source: 'Gazette of Atlantis 12/2027, https://gazette.example/12',
  retrieved: '2027-01-31',
  clauses: [
    {
      id: 'Atlantis/3',
      title: { en: 'The file says who made it', zh: '文件载明制作者' },
      checks: ['label-present', 'label-fields'],
    },
    {
      id: 'Atlantis/7',
      title: { en: 'People can see that it was generated', zh: '公众可以看出其为生成内容' },
      checks: ['explicit-notice'],
    },
  ],
};
