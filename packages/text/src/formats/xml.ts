// No guide names a place for XML (spec/labels.md §3.5); why a processing instruction: docs/decisions/0020.
import { type Anomaly, type ByteSource, damaged, type Format, LabelError, type Slot, type Slots, type Splice } from '@aigc-label/core';
import { textContent } from '../content/text-content.ts';
import { xmlCuts } from '../content/xml-content.ts';
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
    const obstacle = obstacleOf(ends);
    if (obstacle !== undefined) {
      throw obstacle;
    }
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
  async content(source) {
    const { ends } = await survey(source);
    const inPlace = ends.labels.find((label) => isInPlace(ends, label));
    const end = inPlace?.end ?? 0;
    const after = await source.read(end, Math.min(2 * ends.encoding.unitBytes, source.size - end));
    return textContent(source, 'xml-1', obstacleOf(ends) === undefined ? xmlCuts(ends, inPlace, after) : []);
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

const obstacleOf = ({ isDamaged, root, hasMore, charset }: XmlEnds): LabelError | undefined => {
  if (charset !== undefined && NOT_ASCII_SUPERSETS.test(charset)) {
    return new LabelError('FORMAT_UNSUPPORTED_FEATURE', `This XML is encoded as ${charset}; save it as UTF-8 first.`, { data: { charset } });
  }
  if (hasMore) {
    return new LabelError('LIMIT_EXCEEDED', 'This XML holds more labels than are read; remove them by hand.', { data: { site: 'xml' } });
  }
  return isDamaged || root === undefined
    ? damaged('xml', 0, isDamaged ? 'there is text before the root, or a second root' : 'no root begins within the first 128 KiB')
    : undefined;
};
