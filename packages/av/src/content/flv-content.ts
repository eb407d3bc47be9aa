// What of an FLV is content: every tag but the texts of its metadata (spec/content/video.md §4).
import { AMF0, type AmfValue, type AmfWalk, amfNumber, FLV_PLANNING_TAGS, type Flv, type FlvScript, readFlv, walkAmf0 } from '@aigc-label/containers';
import {
  allBut,
  type ByteRange,
  type ByteSource,
  type ContentPiece,
  type ContentPlan,
  equalBytes,
  fromUtf8,
  LabelError,
  u32At,
  utf8,
} from '@aigc-label/core';
import { type ContentSheet, contentPlan, contentSheet, cover, coverAll, isPlainText, leaveOut, tell, valueLine } from './content-sheet.ts';

/** Values in all metadata of a file; as many as labelling follows. */
const MAXIMUM_VALUES = 60_000;

const KEY = 'AIGC';

/**
 * The content of an FLV: `flv-1`.
 *
 * @throws LabelError `FILE_DAMAGED` where there is no header, `LIMIT_EXCEEDED` where its tags are too many to be followed.
 */
export const flvContent = async (source: ByteSource): Promise<ContentPlan> => {
  const file = await readFlv(source, FLV_PLANNING_TAGS);
  const limit = file.anomalies.find(({ code }) => code === 'limit');
  if (limit !== undefined) {
    throw new LabelError('LIMIT_EXCEEDED', `Not all of the file can be looked at (${limit.detail}); remux it.`, { data: { site: 'flv' } });
  }
  const sheet = contentSheet();
  cover(sheet, 'header', { start: 0, end: file.start });
  const metadata: ByteRange[] = [];
  const context: Context = { source, file, lastMillis: await lastTime(source) };
  let left = MAXIMUM_VALUES;
  for (const script of file.scripts) {
    const walk = walkAmf0(script.data, script.valueAt, left);
    left -= walk.values.length;
    const isPlainPointer = u32At(await source.read(script.end - 4, 4), 0) === script.end - 4 - script.start;
    if (walk.problem === undefined && isPlainPointer) {
      metadata.push({ start: script.start, end: script.end });
      scriptContent(context, script, walk, sheet);
    }
  }
  sheet.parts.push({ name: 'tags', pieces: allBut(file.start, source.size, metadata), isPerceived: true });
  return contentPlan('flv-1', sheet);
};

interface Context {
  readonly source: ByteSource;
  readonly file: Flv;
  /** When the last tag is due. */
  readonly lastMillis: number | undefined;
}

/** Behind the header of a tag, in bytes, stands its data. */
const TAG_HEADER_BYTES = 11;
const NAME = utf8('\x02\x00\x0aonMetaData');

/** A tag of metadata of which nothing is covered is as none. */
const scriptContent = (context: Context, script: FlvScript, walk: AmfWalk, sheet: ContentSheet): void => {
  const { start, end, header, data, valueAt } = script;
  const dataAt = start + TAG_HEADER_BYTES;
  const [root, ...values] = walk.values;
  const name = 'onMetaData';
  const covered: ByteRange[] = [];
  const range = (from: number, to: number): ByteRange => {
    covered.push({ start: dataAt + from, end: dataAt + to });
    return { start: dataAt + from, end: dataAt + to };
  };
  if (header.subarray(4).some((byte) => byte !== 0)) {
    covered.push({ start: start + 4, end: dataAt });
    cover(sheet, `${name}/time`, { start: start + 4, end: dataAt });
  }
  if (!equalBytes(data.subarray(0, valueAt), NAME)) {
    cover(sheet, `${name}/name`, range(0, valueAt));
  }
  const atTop = values.filter(({ path }) => path.length === 1).length;
  const isUsual = root?.marker === AMF0.ecmaArray && u32At(data, valueAt + 1) === atTop;
  if (root !== undefined && !isUsual) {
    cover(sheet, `${name}/kind`, range(root.at, root.marker === AMF0.ecmaArray ? root.at + 5 : OPENS.has(root.marker) ? root.at + 1 : root.end));
  }
  const pieces: { readonly key: string; readonly pieces: readonly ContentPiece[] }[] = [];
  const labels = new Set(values.filter(({ path, start: from, at }) => from < at && path.at(-1)?.toUpperCase() === KEY));
  let labelEnd = 0;
  for (const value of values) {
    const key = JSON.stringify(value.path);
    if (value.start < labelEnd) {
      continue;
    }
    if (labels.has(value)) {
      labelEnd = value.end;
      if (!isText(data, value)) {
        tell(sheet, [{ site: 'flv/onMetaData', offset: dataAt + value.at, detail: 'what stands in the place of a label is no text' }]);
      }
    } else if (OPENS.has(value.marker)) {
      // Its name and kind; what it holds follows.
      const to = value.marker === AMF0.ecmaArray || value.marker === AMF0.strictArray ? value.at + 5 : value.at + 1;
      pieces.push({ key, pieces: [utf8(`${key}\n`), range(value.at, to)] });
    } else if (!isMetadata(context, data, value)) {
      const position = positionOf(context, data, value);
      pieces.push({ key, pieces: [utf8(`${key}\n`), position ?? range(value.at, value.end)] });
    }
  }
  const ordered = pieces.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  coverAll(
    sheet,
    name,
    ordered.flatMap((one) => one.pieces),
  );
  const rootEnd = root?.end ?? valueAt;
  if (rootEnd < data.length) {
    cover(sheet, `${name}/rest`, range(rootEnd, data.length));
  }
  const positions = values
    .filter((value) => positionOf(context, data, value) !== undefined)
    .map(({ at, end: to }) => ({ start: dataAt + at, end: dataAt + to }));
  const kept = [...covered, ...positions].toSorted((a, b) => a.start - b.start);
  leaveOut(sheet, allBut(start, end, kept));
};

const OPENS: ReadonlySet<number> = new Set([AMF0.object, AMF0.ecmaArray, AMF0.strictArray, 0x10]);

/** Rates say nothing that a player goes by. */
const RATES: readonly string[] = ['videodatarate', 'audiodatarate', 'totaldatarate'];

/** How far the end of the last tag may be from what is said, in milliseconds. */
const LONGEST_FRAME_MILLIS = 2000;

/** Texts and rates at the top, and a duration that is that of the tags. */
const isMetadata = ({ lastMillis }: Context, data: Uint8Array, value: AmfValue): boolean => {
  const [name, ...more] = value.path;
  if (more.length > 0 || name === undefined) {
    return false;
  }
  if (value.marker === AMF0.number) {
    const isTrueDuration =
      name === 'duration' && lastMillis !== undefined && Math.abs(amfNumber(data, value) * 1000 - lastMillis) <= LONGEST_FRAME_MILLIS;
    return isTrueDuration || RATES.includes(name);
  }
  return isText(data, value);
};

const isText = (data: Uint8Array, { marker, at, end }: AmfValue): boolean => {
  const textAt = marker === AMF0.string ? at + 3 : marker === AMF0.longString ? at + 5 : undefined;
  return textAt !== undefined && isPlainText(data.subarray(textAt, end)) && fromUtf8(data.subarray(textAt, end)) !== undefined;
};

/** Positions in the file as they would be without tags of metadata, and whether its size is right. */
const positionOf = ({ source, file }: Context, data: Uint8Array, value: AmfValue): Uint8Array | undefined => {
  const name = value.path.join('/');
  const isPosition = name === 'lastkeyframelocation' || (value.path.length === 3 && name.startsWith('keyframes/filepositions/'));
  if (value.marker !== AMF0.number || !(isPosition || name === 'filesize')) {
    return undefined;
  }
  const position = amfNumber(data, value);
  if (!isPosition && position === source.size) {
    return valueLine('right');
  }
  if (!isPosition || !Number.isSafeInteger(position) || Object.is(position, -0)) {
    return undefined;
  }
  return valueLine(file.scripts.reduce((moved, { start, end }) => (end <= position ? moved - (end - start) : moved), position));
};

/** The time of the last tag, to which the number behind it leads. */
const lastTime = async (source: ByteSource): Promise<number | undefined> => {
  if (source.size < TAG_HEADER_BYTES + 4) {
    return undefined;
  }
  const start = source.size - 4 - u32At(await source.read(source.size - 4, 4), 0);
  if (start < 0 || start + TAG_HEADER_BYTES > source.size) {
    return undefined;
  }
  const header = await source.read(start, TAG_HEADER_BYTES);
  return (u32At(header, 3) & 0xff_ffff) + (header[7] ?? 0) * 2 ** 24;
};
