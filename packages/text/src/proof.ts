import { type ByteSource, LabelError, type Slots, type SlotText, type Splice, splicedSource } from '@aigc-label/core';

/**
 * The edits, once the format's own reader has seen exactly one label, the new one, in its place behind them.
 * Texts are too free for any other proof: an edit may open or close a block that was not foreseen.
 * @throws LabelError `FORMAT_UNSUPPORTED_FEATURE` where the proof fails.
 */
export const proven = async (
  source: ByteSource,
  splices: readonly Splice[],
  slot: SlotText,
  read: (source: ByteSource) => Promise<Slots>,
): Promise<readonly Splice[]> => {
  const { found } = await read(splicedSource(source, splices));
  const [only] = found;
  if (found.length !== 1 || only === undefined || !only.isGuidePlace || !says(only.value, only.fields, slot)) {
    throw new LabelError(
      'FORMAT_UNSUPPORTED_FEATURE',
      'The label would not be the only one in this text, or could not be read back. Remove other labels by hand and try again.',
      { data: { sites: found.map(({ site }) => site).slice(0, 10) } },
    );
  }
  return splices;
};

/** Whether a slot says exactly what is to be written. */
export const says = (value: string, fields: Readonly<Record<string, unknown>> | undefined, slot: SlotText): boolean => {
  if (fields === undefined) {
    return value === slot.value;
  }
  const wanted = Object.entries(slot.fields);
  const names = Object.keys(fields);
  return names.length === wanted.length && wanted.every(([name, text], index) => names[index] === name && fields[name] === text);
};
