// No guide names a place for XML (spec/labels.md §3.5); why a processing instruction: docs/decisions/0020.
import { type Anomaly, type ByteSource, damaged, type Format, LabelError, type Slot, type Slots, type Splice } from '@aigc-label/core';
import { bytesOfUnits, encodeUnits, readable } from '../encoding.ts';
import { proven } from '../proof.ts';
import { textKindOf } from '../text-kind.ts';
import { instructionText, readXmlEnds, type XmlEnds, type XmlLabel } from '../xml-prolog.ts';

/** Charsets in which ASCII bytes are not always ASCII characters: markup could be something else. UTF-16 is known by its byte order mark. */
const NOT_ASCII_SUPERSETS = /^(?:iso-2022-|csiso2022|hz-gb|utf-7|utf-32|ucs-4|iso-10646|ebcdic|ibm|cp037)/;

/** XML of any vocabulary that is no picture and no page. */
export const xml: Format = {
  id: 'xml',
  modality: 'text',
  mediaTypes: ['application/xml', 'text/xml'],
  extensions: ['.xml'],
  place: { description: 'processing instruction <?AIGC {…}?> behind the XML declaration', source: 'docs/decisions/0020', certainty: 'decision' },
  textual: true,
  matches: (head) => textKindOf(head) === 'xml',
  read: async (source) => (await survey(source)).slots,
  async plan(source, slot) {
    const { ends, slots } = await survey(source);
    assertPlannable(ends);
    const [only] = slots.found;
    if (slots.found.length === 1 && only?.isGuidePlace === true && only.value === slot.value) {
      return [];
    }
    const { encoding, labels, insertAt, ending, hasDeclaration } = ends;
    const text = instructionText(slot.key, slot.value);
    const kept = labels.find((label) => isInPlace(ends, label));
    const splices = labels.map(
      (label): Splice => ({
        at: label.start,
        remove: label.end - label.start,
        insert: label === kept ? encodeUnits(text, encoding) : new Uint8Array(),
      }),
    );
    if (kept === undefined) {
      splices.unshift({ at: insertAt, remove: 0, insert: encodeUnits(hasDeclaration ? ending + text : text + ending, encoding) });
    }
    return proven(source, splices, slot, xml.read);
  },
};

const survey = async (source: ByteSource): Promise<{ readonly ends: XmlEnds; readonly slots: Slots }> => {
  const ends = await readXmlEnds(source);
  const { encoding, labels } = ends;
  const found = labels.map(
    (label): Slot => ({
      key: 'AIGC',
      site: `xml/${label.kind}[AIGC]`,
      isGuidePlace: isInPlace(ends, label),
      value: readable(bytesOfUnits(label.value, encoding), encoding),
    }),
  );
  const anomalies: Anomaly[] = [];
  if (ends.isDamaged) {
    anomalies.push({ code: 'damaged', site: 'xml', detail: 'text before the root, or a second root' });
  } else if (ends.root === undefined) {
    anomalies.push({ code: 'truncated', site: 'xml', detail: 'no root within what is read' });
  }
  if (ends.hasMore) {
    anomalies.push({ code: 'limit', site: 'xml', detail: 'more labels than are read' });
  }
  return { ends, slots: { found, anomalies } };
};

/** Directly behind the declaration, or its line ending; or at the very beginning. */
const isInPlace = ({ insertAt, encoding, ending, hasDeclaration }: XmlEnds, { start, isExact }: XmlLabel): boolean =>
  isExact && start === insertAt + (hasDeclaration ? ending.length * encoding.unitBytes : 0);

const assertPlannable = ({ isDamaged, root, hasMore, charset }: XmlEnds): void => {
  if (charset !== undefined && NOT_ASCII_SUPERSETS.test(charset)) {
    throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', `This XML is encoded as ${charset}; save it as UTF-8 first.`, { data: { charset } });
  }
  if (hasMore) {
    throw new LabelError('LIMIT_EXCEEDED', 'This XML holds more labels than are read; remove them by hand.', { data: { site: 'xml' } });
  }
  if (isDamaged || root === undefined) {
    throw damaged('xml', 0, isDamaged ? 'there is text before the root, or a second root' : 'no root begins within the first 128 KiB');
  }
};
