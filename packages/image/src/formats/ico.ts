// Windows icons and cursors: a directory and the pictures that it points to. No metadata, and readers of icons are old: docs/decisions/0020.
import { type Anomaly, type ByteSource, type Format, noPlaceInside, type Slots, viewOf, wholeFile } from '@aigc-label/core';
import { LABEL_KEY } from '../place.ts';
import { markerText, readTail } from '../tail-labels.ts';

const HEADER_BYTES = 6;
const ENTRY_BYTES = 16;
/** Pictures of one icon; real ones have a dozen. */
const MAXIMUM_ENTRIES = 1024;

/** Windows icons and cursors: the label goes into a sidecar; a marker behind the last picture is read. */
export const ico: Format = {
  id: 'ico',
  modality: 'image',
  mediaTypes: ['image/vnd.microsoft.icon', 'image/x-icon'],
  extensions: ['.ico', '.cur'],
  place: { description: 'a sidecar', source: 'docs/decisions/0020', certainty: 'decision' },
  sidecar: 'always',
  matches: (head) => entriesOf(head) !== undefined,
  read: (source) => readIco(source),
  async plan() {
    throw noPlaceInside('ico', 'an icon has no metadata');
  },
  content: wholeFile,
};

/** The number of entries, where the first one is such as one can be. */
const entriesOf = (head: Uint8Array): number | undefined => {
  if (head.length < HEADER_BYTES + ENTRY_BYTES || head[0] !== 0 || head[1] !== 0 || (head[2] !== 1 && head[2] !== 2) || head[3] !== 0) {
    return undefined;
  }
  const view = viewOf(head);
  const count = view.getUint16(4, true);
  const isEntry = head[9] === 0 && view.getUint32(14, true) > 0 && view.getUint32(18, true) >= HEADER_BYTES + ENTRY_BYTES * count;
  return isEntry && count > 0 && count <= MAXIMUM_ENTRIES ? count : undefined;
};

const readIco = async (source: ByteSource): Promise<Slots> => {
  const count = entriesOf(await source.read(0, Math.min(source.size, HEADER_BYTES + ENTRY_BYTES))) ?? 0;
  const directoryEnd = HEADER_BYTES + ENTRY_BYTES * count;
  if (count === 0 || directoryEnd > source.size) {
    return {
      found: [],
      anomalies: [{ code: 'truncated', site: 'ico', offset: source.size, detail: 'the directory reaches beyond the end of the file' }],
    };
  }
  const view = viewOf(await source.read(0, directoryEnd));
  let end = directoryEnd;
  for (let entry = HEADER_BYTES; entry < directoryEnd; entry += ENTRY_BYTES) {
    end = Math.max(end, view.getUint32(entry + 8, true) + view.getUint32(entry + 12, true));
  }
  if (end > source.size) {
    return {
      found: [],
      anomalies: [{ code: 'truncated', site: 'ico', offset: source.size, detail: 'a picture reaches beyond the end of the file' }],
    };
  }
  const { pieces, anomalies } = await readTail(source, end, 'ico/tail');
  const found = pieces
    .filter(({ kind }) => kind === 'marker')
    .map((piece) => ({ key: LABEL_KEY, site: 'ico/tail/marker', isGuidePlace: false, value: markerText(piece) }));
  const trailing: readonly Anomaly[] =
    end < source.size && found.length === 0
      ? [{ code: 'trailing_data', site: 'ico', offset: end, detail: `${source.size - end} bytes behind the pictures` }]
      : [];
  return { found, anomalies: [...anomalies, ...trailing] };
};
