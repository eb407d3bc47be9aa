import type { Regime } from './regime.ts';

/** 《人工智能生成合成内容标识办法》 with GB 45438-2025 and the TC260-PG guides, as public quotations give them. */
export const chinaMeasures2025: Regime = {
  id: 'cn-measures-2025',
  title: {
    en: 'Measures for Labelling AI-Generated Synthetic Content (2025) with GB 45438-2025',
    zh: '《人工智能生成合成内容标识办法》与 GB 45438-2025',
  },
  source: '国信办通字〔2025〕2号, cac.gov.cn; GB 45438-2025 and TC260-PG-20252A, -20257A to -202510A, tc260.org.cn',
  retrieved: '2026-11-23',
  clauses: [
    {
      id: 'Measures/5',
      title: { en: 'The metadata holds an implicit label', zh: '文件元数据中含有隐式标识' },
      checks: ['label-present'],
    },
    {
      id: 'GB45438-2025/6.1c',
      title: { en: 'Only one implicit label is kept', zh: '元数据隐式标识仅保留一份' },
      checks: ['label-single', 'label-agreement'],
    },
    {
      id: 'GB45438-2025/E.a',
      title: { en: 'The label stands where the guide for this kind of file says', zh: '标识位于该格式实践指南规定的位置' },
      checks: ['label-place'],
    },
    {
      id: 'GB45438-2025/E.b',
      title: { en: 'Seven fields, strings, in the given form', zh: '七个字段齐全，均为字符串，格式符合附录E' },
      checks: ['label-wrapper', 'label-serialisation', 'label-fields', 'label-value'],
    },
    {
      id: 'GB45438-2025/E.j',
      title: { en: 'Values keep to the allowed characters', zh: '字段取值符合附录E规定的字符范围' },
      checks: ['label-charset'],
    },
    {
      id: 'TC260-PG-20252A',
      title: { en: 'Provider codes have 27 characters and a right check digit', zh: '服务提供者编码为27位且校验位正确' },
      checks: ['producer-code', 'propagator-code'],
    },
    {
      id: 'Measures/4',
      title: { en: 'An explicit label can be perceived', zh: '含有可感知的显式标识' },
      checks: ['explicit-notice'],
    },
    {
      id: 'TC260-PG-202511A',
      title: { en: 'The label is protected by a signature that holds', zh: '标识带有可核验的安全防护签名' },
      checks: ['signature-holds'],
      isAdvice: true,
    },
    {
      id: 'Advice/structure',
      title: { en: 'The file is intact', zh: '文件结构完整' },
      checks: ['structure-intact'],
      isAdvice: true,
    },
  ],
};
