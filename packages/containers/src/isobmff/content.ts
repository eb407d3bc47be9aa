import { type ByteSource, type ContentAnomaly, concat, damaged, joinedRanges } from '@aigc-label/core';
import { type Box, boxBudget, contentOf, isTopType } from './box.ts';
import { isPadding, isPaddingType } from './content-carriers.ts';
import { fragmentValue, randomAccessValue, segmentIndexValue } from './content-fragments.ts';
import { type MoviePart, movieParts } from './content-movie.ts';
import { isMetadataBox, packetBudget } from './content-packets.ts';
import { type ContentPlaces, contentPlaces, type Stretch } from './content-places.ts';
import { type Covered, leaf, noBox, u64be } from './content-records.ts';
import { gaps, isWhole } from './content-stretches.ts';
import { auxiliaryPlaces, chunkPlaces, itemPlaces, type OmittedItems } from './content-tables.ts';
import { type ContentWalk, coverItems } from './content-walk.ts';
import { type BoxFile, readBoxFile } from './file.ts';

/** What the content of a file of boxes is (spec/content/isobmff.md); structurally a `ContentPlan`. */
export interface BoxContent {
  readonly method: 'isobmff-1';
  readonly parts: readonly BoxContentPart[];
  readonly carriers: readonly Stretch[];
  /** Padding that is no padding: it is covered, and who put it there may have meant to hide it. */
  readonly anomalies: readonly ContentAnomaly[];
}

/** A named part of it. */
export interface BoxContentPart {
  readonly name: string;
  readonly pieces: () => AsyncIterable<Stretch | Uint8Array>;
  readonly isPerceived?: true;
}

/** What a relative with items of its own (HEIF) leaves out. */
export interface BoxContentOptions {
  readonly file?: BoxFile;
  /** How the first `meta` of the top level is covered; it adds its carriers, those in `mdat` too, to the walk. */
  readonly coverMeta?: (walk: ContentWalk, meta: Box) => Promise<readonly Covered[]>;
  readonly omitted?: OmittedItems;
}

const NONE: OmittedItems = { ids: new Set(), dataBefore: () => 0 };

/**
 * The content of a file of the ISO BMFF family: every box but a closed list of metadata, offsets as the places that they mean.
 *
 * @throws LabelError `FILE_DAMAGED` where a table contradicts itself or the file ends inside an index, `LIMIT_EXCEEDED` for too many boxes or parts.
 */
export const boxContent = async (
  source: ByteSource,
  { file: given, coverMeta = coverTopMeta, omitted = NONE }: BoxContentOptions = {},
): Promise<BoxContent> => {
  const budget = boxBudget();
  const file = given ?? (await readBoxFile(source, budget));
  const walk: ContentWalk = { source, budget, packets: packetBudget(), carriers: [] };
  const top = await sortTop(walk, file, coverMeta);
  const carriers = walk.carriers.filter(({ start, end }) => start < end).toSorted((a, b) => a.start - b.start);
  const emptied = top.media.filter(({ content }) => isWhole(content, carriers));
  const media = top.media.filter((one) => !emptied.includes(one));
  const all = joinedRanges([...carriers, ...emptied.map(({ box }) => ({ start: box.offset, end: box.end }))]);
  const leftOut = new Set([...top.leftOut, ...emptied.map(({ box }) => box)]);
  const places = contentPlaces({
    media: media.map(({ content }) => content),
    carriers: all,
    boxes: file.boxes.map((box) => ({ offset: box.offset, isCounted: !leftOut.has(box) && box.type !== 'moov' })),
    size: source.size,
  });
  const resolve =
    (covered: readonly Covered[]): (() => AsyncIterable<Stretch | Uint8Array>) =>
    () =>
      resolved(source, covered, places, omitted);
  return {
    method: 'isobmff-1',
    carriers: all,
    anomalies: top.others.flatMap((one) => ('type' in one && isPaddingType(one) ? [foreignPadding(one)] : [])),
    parts: [
      { name: 'boxes', pieces: () => topPieces(source, top.others, places, omitted) },
      ...top.movies.map(({ name, covered }) => ({ name, pieces: resolve(covered) })),
      { name: 'mdat sizes', pieces: () => sizePieces(media, all) },
      { name: 'mdat', pieces: () => mediaPieces(media, all), isPerceived: true },
    ],
  };
};

const foreignPadding = ({ type, offset }: Box): ContentAnomaly => ({
  site: type,
  offset,
  isCovered: true,
  detail: 'a box for nothing holds something',
});

interface Media {
  readonly box: Box;
  readonly content: Stretch;
  /** Set where the file ends inside of it: its header then counts as it stands. */
  readonly isCut: boolean;
}

interface Top {
  readonly media: readonly Media[];
  readonly movies: readonly MoviePart[];
  /** The rest in file order: boxes whose offsets are to be normalised, or what is covered of them already. */
  readonly others: readonly (Box | readonly Covered[])[];
  readonly leftOut: readonly Box[];
}

const isMedia = ({ type }: Box): boolean => type === 'mdat' || type === 'imda';

const sortTop = async (walk: ContentWalk, file: BoxFile, coverMeta: NonNullable<BoxContentOptions['coverMeta']>): Promise<Top> => {
  const { source, budget, carriers } = walk;
  const top = { media: [] as Media[], movies: [] as MoviePart[], others: [] as Top['others'][number][], leftOut: [] as Box[] };
  const firstMeta = file.boxes.find(({ type }) => type === 'meta');
  for (const box of file.boxes) {
    if (isMedia(box)) {
      top.media.push({ box, content: { start: contentOf(box), end: box.end }, isCut: false });
    } else if (box.type === 'moov') {
      top.movies.push(...(await movieParts(walk, box, file.movies.indexOf(box))));
    } else if ((await isPadding(source, box)) || (await isMetadataBox(source, box, budget, walk.packets))) {
      carriers.push({ start: box.offset, end: box.end });
      top.leftOut.push(box);
    } else if (box === firstMeta) {
      top.others.push(await coverMeta(walk, box));
    } else {
      top.others.push(box);
    }
  }
  const { rest } = file;
  if (rest?.box !== undefined && isMedia(rest.box)) {
    top.media.push({ box: rest.box, content: { start: contentOf(rest.box), end: source.size }, isCut: true });
  } else if (rest !== undefined) {
    if (rest.kind === 'overrun' && isTopType(rest.type ?? '')) {
      throw damaged(rest.type ?? '', rest.offset, 'the file ends inside this box');
    }
    top.others.push(noBox({ start: rest.offset, end: source.size }));
  }
  return top;
};

const coverTopMeta = (walk: ContentWalk, meta: Box): Promise<readonly Covered[]> => coverItems(walk, meta, []);

async function* topPieces(
  source: ByteSource,
  others: Top['others'],
  places: ContentPlaces,
  omitted: OmittedItems,
): AsyncIterable<Stretch | Uint8Array> {
  const budget = boxBudget();
  for (const one of others) {
    if (!('type' in one)) {
      yield* resolved(source, one, places, omitted);
    } else if (one.type === 'moof') {
      yield await fragmentValue(source, one, places, budget);
    } else if (one.type === 'sidx') {
      yield await segmentIndexValue(source, one, places);
    } else if (one.type === 'mfra') {
      yield await randomAccessValue(source, one, places, budget);
    } else {
      yield* resolved(source, leaf(one), places, omitted);
    }
  }
}

async function* resolved(
  source: ByteSource,
  covered: readonly Covered[],
  places: ContentPlaces,
  omitted: OmittedItems,
): AsyncIterable<Stretch | Uint8Array> {
  for (const one of covered) {
    if (!('table' in one)) {
      yield one;
    } else if (one.kind === 'itemLocations') {
      yield await itemPlaces(source, one.table, places, omitted);
    } else {
      yield* one.kind === 'chunkOffsets' ? chunkPlaces(source, one.table, places) : auxiliaryPlaces(source, one.table, places);
    }
  }
}

/** For each box of media data its type and how much of it is covered; where the file ends inside it, also its header. */
async function* sizePieces(media: readonly Media[], carriers: readonly Stretch[]): AsyncIterable<Stretch | Uint8Array> {
  for (const { box, content, isCut } of media) {
    // Of an empty box the size alone says that nothing follows.
    const isOpen = box.sizeField === 'toEnd' && content.start === content.end;
    const covered = gaps(content, carriers).reduce((sum, { start, end }) => sum + end - start, 0);
    yield concat(
      Uint8Array.from(box.type, (character) => character.charCodeAt(0)),
      Uint8Array.of(isCut ? 1 : isOpen ? 2 : 0),
      u64be(covered),
    );
    if (isCut) {
      yield { start: box.offset, end: Math.min(content.start, content.end) };
    }
  }
}

async function* mediaPieces(media: readonly Media[], carriers: readonly Stretch[]): AsyncIterable<Stretch> {
  for (const { content } of media) {
    yield* gaps(content, carriers);
  }
}
