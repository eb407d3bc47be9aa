import { type ByteSource, concat, type Format, LabelError, type Slot, type Slots, type Splice } from '@aigc-label/core';
import { plainCuts } from '../content/plain-content.ts';
import { textContent } from '../content/text-content.ts';
import { encodeUnits } from '../encoding.ts';
import { endingOf, type TextLine } from '../lines.ts';
import { type PlainCarrier, plainCarriers, readEnds, type TextEnds } from '../plain-carriers.ts';
import { proven } from '../proof.ts';
import { textKindOf } from '../text-kind.ts';

/**
 * Plain text: `AIGC:{…}` as the last line. No guide names a place (spec/labels.md §3.5); the form is variant 13 of §5.1.
 * The line has a line ending of its own exactly where the text had a last one, so that taking the label out again gives the text back.
 */
export const plain: Format = {
  id: 'plain',
  modality: 'text',
  mediaTypes: ['text/plain'],
  extensions: ['.txt', '.text'],
  place: {
    description: 'the last line, AIGC:{…}',
    source: 'docs/decisions/0003',
    certainty: 'decision',
  },
  textual: true,
  matches: (head) => textKindOf(head) === 'plain',
  read: async (source) => (await survey(source)).slots,
  async plan(source, slot) {
    const { ends, carriers, slots } = await survey(source);
    const [only] = slots.found;
    if (slots.found.length === 1 && only?.isGuidePlace === true && only.value === slot.value) {
      return [];
    }
    assertPlannable(ends, carriers);
    const { encoding } = ends;
    const line = encodeUnits(`${slot.key}:${slot.value}`, encoding);
    const inPlace = carriers.find(({ where, isExact, end }) => where === 'last' && isExact && end === lastByte(source, ends));
    const splices = carriers.map((carrier): Splice => {
      const endingBytes = carrier.ending.length * encoding.unitBytes;
      return carrier === inPlace
        ? { at: carrier.at, remove: carrier.end - carrier.at - endingBytes, insert: line }
        : { at: carrier.at, remove: carrier.end - carrier.at, insert: new Uint8Array() };
    });
    if (inPlace === undefined) {
      splices.push(appended(source, ends, carriers, line));
    }
    return proven(source, splices, slot, plain.read);
  },
  async content(source) {
    const { ends, carriers } = await survey(source);
    return textContent(source, 'plain-1', plainCuts(ends, carriers));
  },
};

const lastByte = (source: ByteSource, { hasOddByte }: TextEnds): number => source.size - (hasOddByte ? 1 : 0);

/** Behind the text; a label that goes from the end takes its line ending with it, so the state of the line before it counts. */
const appended = (source: ByteSource, ends: TextEnds, carriers: readonly PlainCarrier[], line: Uint8Array): Splice => {
  const { encoding, head, tail } = ends;
  const isKept = ({ at }: TextLine): boolean => !carriers.some((carrier) => at >= carrier.at && at < carrier.end);
  // Of the lines that stay: the signed content must not depend on those that go.
  const ending = encodeUnits(endingOf([...head.slice(0, 1), ...tail].filter(isKept)), encoding);
  const kept = tail.filter(isKept);
  const before = kept.at(-1);
  const isBroken = before === undefined || before.ending !== '';
  const wasBroken = tail.at(-1)?.ending !== '';
  const insert = isBroken ? (wasBroken ? concat(line, ending) : line) : concat(ending, line);
  return { at: lastByte(source, ends), remove: 0, insert };
};

const survey = async (
  source: ByteSource,
): Promise<{ readonly ends: TextEnds; readonly carriers: readonly PlainCarrier[]; readonly slots: Slots }> => {
  const ends = await readEnds(source);
  const carriers = plainCarriers(ends);
  const end = lastByte(source, ends);
  const found = carriers.map(
    (carrier): Slot => ({
      key: 'AIGC',
      site: `plain/${carrier.where}-line[AIGC]`,
      isGuidePlace: carrier.where === 'last' && carrier.isExact && carrier.end === end && carrier.obstacle === undefined,
      value: carrier.value,
    }),
  );
  const anomalies: Slots['anomalies'] = [
    ...(ends.hasOddByte ? [{ code: 'truncated' as const, site: 'plain', offset: end, detail: 'half a unit of UTF-16' }] : []),
    ...carriers.flatMap(({ obstacle, at }) =>
      obstacle === 'open' ? [{ code: 'truncated' as const, site: 'plain/line[AIGC]', offset: at, detail: 'a label that is never closed' }] : [],
    ),
  ];
  return { ends, carriers, slots: { found, anomalies } };
};

const assertPlannable = (ends: TextEnds, carriers: readonly PlainCarrier[]): void => {
  if (ends.hasOddByte) {
    throw new LabelError('FILE_DAMAGED', 'This UTF-16 text ends in half a character; export it again from its source.', { data: { site: 'plain' } });
  }
  const unclear = carriers.find(({ obstacle }) => obstacle !== undefined);
  if (unclear?.obstacle === 'open') {
    throw new LabelError('FILE_DAMAGED', `The label at byte ${unclear.at} of this text is never closed; remove it by hand.`, {
      data: { site: 'plain/line[AIGC]', offset: unclear.at },
    });
  }
  if (unclear !== undefined) {
    throw new LabelError(
      'FORMAT_UNSUPPORTED_FEATURE',
      `Other text follows the label at byte ${unclear.at} on its line; put it on a line of its own.`,
      {
        data: { site: 'plain/line[AIGC]', offset: unclear.at },
      },
    );
  }
};
