import { isLastOggPage, OPUS_RATE, opusSamples, packetsOfPage } from '@aigc-label/containers';
import type { ByteSource } from '@aigc-label/core';
import type { ResolvedSoundNotice } from '../sound-notice-options.ts';
import { type OggStreamPages, pageAt } from './ogg-stream.ts';
import { firstGranule, granuleBefore } from './opus-times.ts';

/** In front of which page the notice goes, and how many packets of it come first; the number of pages stands for the end. */
export interface OpusPlace {
  readonly page: number;
  readonly packets: number;
}

/** Where a notice goes, in order. */
export const opusPlaces = async (
  source: ByteSource,
  stream: OggStreamPages,
  { positions }: ResolvedSoundNotice,
  middle: number,
): Promise<readonly OpusPlace[]> => {
  const places: OpusPlace[] = [];
  if (positions.includes('start')) {
    places.push({ page: 0, packets: 0 });
  }
  if (positions.includes('middle')) {
    places.push(await placeAt(source, stream, (await firstGranule(source, stream)) + BigInt(Math.round(middle * OPUS_RATE))));
  }
  if (positions.includes('end')) {
    places.push({ page: stream.starts.length, packets: 0 });
  }
  return places.filter((place, index) => index === 0 || place.page !== places[index - 1]?.page || place.packets !== places[index - 1]?.packets);
};

/** The place between two packets near a moment; between pages where packets lie across them. */
const placeAt = async (source: ByteSource, stream: OggStreamPages, granule: bigint): Promise<OpusPlace> => {
  let [low, high] = [0, stream.starts.length - 1];
  while (low < high) {
    const half = Math.floor((low + high) / 2);
    const end = await granuleBefore(source, stream, half + 1);
    [low, high] = end < granule ? [half + 1, high] : [low, half];
  }
  while (low > 0 && (await pageAt(source, stream, low)).isContinued) {
    low -= 1;
  }
  const page = await pageAt(source, stream, low);
  if (isLastOggPage(page) || page.isContinued || page.lacing.at(-1) === 255) {
    return { page: low, packets: 0 };
  }
  let at = await granuleBefore(source, stream, low);
  let packets = 0;
  for (const packet of await packetsOfPage(source, page)) {
    if (at >= granule) {
      break;
    }
    at += BigInt(opusSamples(packet));
    packets += 1;
  }
  return { page: low, packets };
};
