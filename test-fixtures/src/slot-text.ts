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
