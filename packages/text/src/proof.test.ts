import { bytesSource, type Slot, utf8 } from '@aigc-label/core';
import { sampleSlotText } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { proven } from './proof.ts';

const { key, value, fields } = sampleSlotText;
const slot: Slot = { key, site: 'x', isGuidePlace: true, value };

describe('proof', () => {
  it.each([
    ['none', []],
    ['two', [slot, slot]],
    ['in another place', [{ ...slot, isGuidePlace: false }]],
    ['another text', [{ ...slot, value: '{}' }]],
    ['another field', [{ ...slot, fields: { ...fields, Label: '2' } }]],
    ['a number', [{ ...slot, fields: { ...fields, Label: 1 } }]],
    ['another order', [{ ...slot, fields: Object.fromEntries(Object.entries(fields).reverse()) }]],
    ['one field more', [{ ...slot, fields: { ...fields, Extra: '' } }]],
  ] as const)('fails where %s can be read', async (_name, found) => {
    const read = async () => ({ found, anomalies: [] });
    await expect(proven(bytesSource(utf8('')), [], sampleSlotText, read)).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED_FEATURE' });
  });

  it('holds where exactly the new label can be read, as text or as fields', async () => {
    for (const found of [[slot], [{ ...slot, value: 'x', fields }]]) {
      expect(await proven(bytesSource(utf8('')), [], sampleSlotText, async () => ({ found, anomalies: [] }))).toEqual([]);
    }
  });
});
