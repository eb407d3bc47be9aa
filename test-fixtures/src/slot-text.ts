import type { SlotText } from '@aigc-label/core';

const slotText = (produceId: string): SlotText => {
  const fields = {
    Label: '1',
    ContentProducer: '001191110000MA0000000H10001',
    ProduceID: produceId,
    ReservedCode1: '',
    ContentPropagator: '001191110000MA0000000H10001',
    PropagateID: produceId,
    ReservedCode2: '',
  };
  return { key: 'AIGC', value: JSON.stringify(fields), fields };
};

/** A label with every field, as `Vocabulary.encode` gives it. */
export const sampleSlotText: SlotText = slotText('0199f3a0c5d27c4b8f1e2a3b4c5d6e7f');

/** Another one, of another length, so that replacing moves bytes. */
export const anotherSlotText: SlotText = slotText("an-identifier-of-quite-another-length/with&<characters>'in#it");

/**
 * What a label of somebody else may hold (labels.md §5.1, rows 23 to 25) and a repair keeps: Chinese, spaces, every kind of quote and bracket, what ends comments and lines.
 * `value` is ASCII all the same, as `Vocabulary.encode` gives it.
 */
export const strangeSlotText: SlotText = (() => {
  const fields = {
    Label: '2',
    ContentProducer: '某公司 & Söhne 🙂',
    ProduceID: `a "b" 'c' \\ <d> {e} (f) [g] -->]]>?>*/ %25 \n\r\tAIGC:`,
    ReservedCode1: '{"SecurityData":{"Type":" TC260PG","Version":1}}',
    ContentPropagator: '',
    PropagateID: '#epoch',
    ReservedCode2: '\u0001\u007f\u2028\ufeff',
  };
  const value = JSON.stringify(fields).replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return { key: 'AIGC', value, fields };
})();
