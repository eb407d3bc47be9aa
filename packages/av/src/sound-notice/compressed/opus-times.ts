import { isLastOggPage, type OggPage, oggGranule, opusSamples, packetsOfPage } from '@aigc-label/containers';
import type { ByteSource } from '@aigc-label/core';
import { type OggStreamPages, pageAt } from './ogg-stream.ts';

/** Where the stream stands in time before its first packet of sound. */
export const firstGranule = async (source: ByteSource, stream: OggStreamPages): Promise<bigint> => {
  const page = await pageAt(source, stream, 0);
  const samples = await samplesOf(source, page);
  const before = oggGranule(page) - BigInt(samples);
  // Where all sound stands on one page that is cut at its end, nothing says it; it is 0 then.
  return oggGranule(page) === -1n || (isLastOggPage(page) && before < 0n) ? 0n : before;
};

const samplesOf = async (source: ByteSource, page: OggPage): Promise<number> =>
  (await packetsOfPage(source, page)).reduce((total, packet, index) => total + (index === 0 && page.isContinued ? 0 : opusSamples(packet)), 0);

/** Where the stream stands in time in front of a page. */
export const granuleBefore = async (source: ByteSource, stream: OggStreamPages, index: number): Promise<bigint> => {
  for (let at = index - 1; at >= 0; at -= 1) {
    const granule = oggGranule(await pageAt(source, stream, at));
    if (granule !== -1n) {
      return granule;
    }
  }
  return firstGranule(source, stream);
};

/** Samples that the last page holds and that players cut off (RFC 7845 §4.4). */
export const cutSamples = async (source: ByteSource, stream: OggStreamPages, last: OggPage): Promise<bigint> => {
  if (!isLastOggPage(last) || last.isContinued) {
    return 0n;
  }
  const before = stream.starts.length === 1 ? await firstGranule(source, stream) : await granuleBefore(source, stream, stream.starts.length - 1);
  const cut = before + BigInt(await samplesOf(source, last)) - oggGranule(last);
  return cut > 0n ? cut : 0n;
};
