import { describe, expect, it } from 'vitest';
import { freshIdentifier, makeLabel } from './index.ts';

const parts = { ContentProducer: '001191110000MA0000000H10001', ProduceID: 'id-1' };

describe('makeLabel', () => {
  it('fills all seven fields; the propagator is the producer on the first write (Annex E, note 1)', () => {
    expect(makeLabel(parts)).toEqual({
      Label: '1',
      ContentProducer: parts.ContentProducer,
      ProduceID: 'id-1',
      ReservedCode1: '',
      ContentPropagator: parts.ContentProducer,
      PropagateID: 'id-1',
      ReservedCode2: '',
    });
  });

  it('allows exactly the characters of Annex E j)', () => {
    for (let code = 0; code < 0x200; code += 1) {
      const isAllowed = code === 0x21 || code === 0x22 || (code >= 0x23 && code <= 0x5b) || (code >= 0x5d && code <= 0x7e);
      const make = () => makeLabel({ ...parts, ReservedCode1: `a${String.fromCharCode(code)}b` });
      if (isAllowed) {
        expect(make().ReservedCode1.charCodeAt(1)).toBe(code);
      } else {
        expect(make).toThrow(
          expect.objectContaining({ code: 'LABEL_INVALID', data: expect.objectContaining({ field: 'ReservedCode1', reason: 'charset' }) }),
        );
      }
    }
  });

  it.each([
    [{ ...parts, ContentProducer: '' }, 'ContentProducer', 'empty'],
    [{ ...parts, ProduceID: '' }, 'ProduceID', 'empty'],
    [{ ...parts, ContentProducer: '字节跳动' }, 'ContentProducer', 'charset'],
    [{ ...parts, ReservedCode2: 'x'.repeat(1025) }, 'ReservedCode2', 'too_long'],
    [{ ...parts, Label: '4' as '1' }, 'Label', 'enum'],
  ])('refuses %j', (bad, field, reason) => {
    expect(() => makeLabel(bad)).toThrow(expect.objectContaining({ code: 'LABEL_INVALID', data: expect.objectContaining({ field, reason }) }));
  });
});

describe('freshIdentifier', () => {
  it('is a UUID of version 7 whose order is that of time', () => {
    const at = (nowMillis: number) => freshIdentifier({ nowMillis: () => nowMillis, randomBytes: (length) => new Uint8Array(length).fill(0xff) });
    expect(at(1_795_392_000_000)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(at(1_795_392_000_000).replaceAll('-', '').slice(0, 12), 16)).toBe(1_795_392_000_000);
    expect(at(1_795_392_000_001) > at(1_795_392_000_000)).toBe(true);
  });
});
