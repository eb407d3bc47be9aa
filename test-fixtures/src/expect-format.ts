import { applySplices, type ByteSource, bytesSource, type Format, LabelError, type SlotText } from '@aigc-label/core';
import { expect } from 'vitest';
import { anotherSlotText } from './slot-text.ts';

/** The file holds this label, in the guide's place, and no other. */
export const expectOnly = async (format: Format, source: ByteSource, slot: SlotText): Promise<void> => {
  const { found } = await format.read(source);
  expect(found).toHaveLength(1);
  const [only] = found;
  expect(only).toMatchObject({ key: slot.key, isGuidePlace: true });
  expect(only?.fields ?? JSON.parse(only?.value ?? 'null')).toEqual(slot.fields);
};

/** Damage is a finding or a `LabelError`; and where a plan is offered nonetheless, its result can be read back. */
export const expectNoEscape = async (format: Format, bytes: Uint8Array): Promise<void> => {
  if (!format.matches(bytes.subarray(0, 4096))) {
    return;
  }
  await refusalOr(format.read(bytesSource(bytes)));
  const splices = await refusalOr(format.plan(bytesSource(bytes), anotherSlotText));
  if (splices !== undefined) {
    await expectOnly(format, bytesSource(applySplices(bytes, splices)), anotherSlotText);
  }
};

/** What a promise gives, or `undefined` where it is refused with a `LabelError`. */
export const refusalOr = async <Value>(promise: Promise<Value>): Promise<Value | undefined> => {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof LabelError) {
      return undefined;
    }
    throw error;
  }
};
