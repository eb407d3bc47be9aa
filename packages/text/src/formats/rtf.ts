// No guide names a place for RTF (spec/labels.md §3.5); why a user-defined property: docs/decisions/0020.
import {
  type Anomaly,
  ascii,
  type ByteSource,
  damaged,
  type Format,
  LabelError,
  latin1,
  type Slot,
  type Slots,
  type SlotText,
  type Splice,
} from '@aigc-label/core';
import { rtfCuts } from '../content/rtf-content.ts';
import { textContent } from '../content/text-content.ts';
import { proven } from '../proof.ts';
import { type RtfProperty, type RtfSurvey, rtfProperty, surveyRtf } from '../rtf-groups.ts';

const KEY = 'AIGC';
const MAGIC = '{\\rtf';
/** The header of a document, with its fonts and styles, lies here; the longest that Word writes has about 200 KiB. */
const WINDOW_BYTES: number = 512 << 10;

/** Rich Text Format. */
export const rtf: Format = {
  id: 'rtf',
  modality: 'text',
  mediaTypes: ['application/rtf', 'text/rtf'],
  extensions: ['.rtf'],
  place: { description: 'user-defined property AIGC of type text ({\\*\\userprops …})', source: 'docs/decisions/0020', certainty: 'decision' },
  matches: (head) => latin1(head.subarray(0, MAGIC.length)) === MAGIC,
  read: async (source) => (await readRtf(source)).slots,
  async plan(source, slot) {
    const { survey, slots } = await readRtf(source);
    assertPlannable(survey);
    const [only] = slots.found;
    if (slots.found.length === 1 && only?.isGuidePlace === true && only.value === slot.value) {
      return [];
    }
    return proven(source, splicesOf(survey, slot), slot, rtf.read);
  },
  async content(source) {
    const { bytes, survey } = await readRtf(source);
    return textContent(source, 'rtf-1', rtfCuts(bytes, survey, KEY), survey.fault === undefined ? survey.insertAt : 0);
  },
};

const readRtf = async (source: ByteSource): Promise<{ readonly bytes: Uint8Array; readonly survey: RtfSurvey; readonly slots: Slots }> => {
  const bytes = await source.read(0, Math.min(source.size, WINDOW_BYTES));
  const survey = surveyRtf(bytes);
  const { fault, end } = survey;
  const anomalies: Anomaly[] = [];
  if (fault !== undefined) {
    anomalies.push({ code: fault.code, site: 'rtf', offset: fault.at, detail: fault.detail });
  } else if (end === undefined && source.size <= WINDOW_BYTES) {
    anomalies.push({ code: 'truncated', site: 'rtf', offset: source.size, detail: 'the document is never closed' });
  }
  if (end !== undefined && latin1(bytes.subarray(end)).replace(/[\s\0]+/g, '') !== '') {
    anomalies.push({ code: 'trailing_data', site: 'rtf', offset: end, detail: `${source.size - end} bytes behind the document` });
  }
  const found = survey.properties
    .filter(({ name }) => name === KEY)
    .map((property): Slot => ({ key: KEY, site: 'rtf/userprops[AIGC]', isGuidePlace: isAsWritten(bytes, survey, property), value: property.value }));
  return { bytes, survey, slots: { found, anomalies } };
};

const isAsWritten = (bytes: Uint8Array, { propertiesStart = 0, propertiesEnd = 0 }: RtfSurvey, { value, start, end }: RtfProperty): boolean =>
  start > propertiesStart && end <= propertiesEnd && /^[\x20-\x7e]*$/.test(value) && latin1(bytes.subarray(start, end)) === rtfProperty(KEY, value);

/** The first property of the name takes the label; another one goes. */
const splicesOf = ({ properties, propertiesStart = 0, propertiesEnd, insertAt = 0 }: RtfSurvey, slot: SlotText): readonly Splice[] => {
  const text = rtfProperty(slot.key, slot.value);
  const ours = properties.filter(({ name }) => name === slot.key);
  const kept = ours.find(({ start, end }) => start > propertiesStart && propertiesEnd !== undefined && end <= propertiesEnd);
  const splices = ours.map((property): Splice => {
    const { start, end } = property;
    return { at: start, remove: end - start, insert: property === kept ? ascii(text) : new Uint8Array() };
  });
  if (kept === undefined) {
    splices.unshift(
      propertiesEnd === undefined
        ? { at: insertAt, remove: 0, insert: ascii(`{\\*\\userprops${text}}`) }
        : { at: propertiesEnd, remove: 0, insert: ascii(text) },
    );
  }
  return splices;
};

const assertPlannable = ({ fault, insertAt, propertiesEnd, end }: RtfSurvey): void => {
  if (fault?.code === 'damaged') {
    throw damaged('rtf', fault.at, fault.detail);
  }
  if (fault !== undefined || (insertAt === undefined && propertiesEnd === undefined)) {
    const what = fault?.detail ?? 'a header that does not end within 512 KiB';
    throw new LabelError('LIMIT_EXCEEDED', `This RTF has ${what}; save it again from a word processor.`, { data: { site: 'rtf', what, end } });
  }
};
