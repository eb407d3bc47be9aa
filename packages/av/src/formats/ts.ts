import { readId3Tag } from '@aigc-label/containers';
import { type Anomaly, type ByteSource, bytesSource, type Format, HEAD_BYTES, noPlaceInside, type Slot, wholeFile } from '@aigc-label/core';
import { metadataPids, packetGridOf, packetsOf, pesPayloads } from '../transport-stream.ts';

const KEY = 'AIGC';
const SITE = 'ts/ID3 in PES';

/** The stretch at the start of a stream that is read, in bytes: tables and a first tag stand within seconds, and what comes later labels a stretch, not the file. */
const WINDOW_BYTES = 512 << 10;

/** A label in a tag has 0.5 KiB, a signed one 4 KiB. */
const MAXIMUM_TAG_BYTES = 64 << 10;

/** PES packets that are looked at, and different texts that are read from them; an honest stream repeats one. */
const MAXIMUM_TAGS = 1000;
const MAXIMUM_TEXTS = 3;

/**
 * MPEG transport streams, of 188 bytes a packet, of BDAV's and AVCHD's 192, and of 204. They have no place for metadata of a file: the label goes into a sidecar
 * (docs/decisions/0017). What HLS calls timed metadata is read.
 */
export const ts: Format = {
  id: 'ts',
  modality: 'video',
  mediaTypes: ['video/mp2t'],
  extensions: ['.ts', '.m2ts', '.mts', '.m2t'],
  place: { description: 'sidecar, XMP, TC260:AIGC', source: 'docs/decisions/0017', certainty: 'decision' },
  sidecar: 'always',
  matches: (head) => packetGridOf(head) !== undefined,
  read: async (source) => {
    const bytes = await source.read(0, Math.min(source.size, WINDOW_BYTES));
    const grid = packetGridOf(bytes.subarray(0, HEAD_BYTES));
    if (grid === undefined) {
      return { found: [], anomalies: [{ code: 'damaged', site: 'ts', offset: 0, detail: 'no packets follow one another at the start' }] };
    }
    const packets = packetsOf(bytes, grid);
    const anomalies: Anomaly[] = [];
    const lostAt = grid.start + packets.length * grid.stride;
    if (lostAt + 188 <= bytes.length) {
      anomalies.push({ code: 'damaged', site: 'ts', offset: lostAt, detail: 'there is no packet where one must stand' });
    } else if (source.size % grid.stride !== 0) {
      anomalies.push({ code: 'truncated', site: 'ts', offset: source.size - (source.size % grid.stride), detail: 'the file ends inside a packet' });
    }
    const found = await readTags(
      [...metadataPids(packets)].flatMap((pid) => [...pesPayloads(packets, pid, MAXIMUM_TAG_BYTES)]),
      anomalies,
    );
    return { found, anomalies };
  },
  content: wholeFile,
  plan: async () => {
    throw noPlaceInside(
      'MPEG transport stream',
      'it has no metadata of the file, and a stream of metadata would change the programs that players choose from',
    );
  },
};

const readTags = async (payloads: readonly Uint8Array[], anomalies: Anomaly[]): Promise<readonly Slot[]> => {
  const texts = new Set<string>();
  for (const payload of payloads.slice(0, MAXIMUM_TAGS)) {
    const source: ByteSource = bytesSource(payload);
    const tag = await readId3Tag(source, 0, KEY, SITE);
    if (tag !== undefined && anomalies.length < MAXIMUM_TEXTS) {
      // Offsets within a stream that is spread over packets say nothing of the file.
      anomalies.push(...tag.anomalies.map(({ code, site, detail }): Anomaly => ({ code, site, detail })));
    }
    for (const { text } of tag?.matches ?? []) {
      if (text !== undefined && texts.size < MAXIMUM_TEXTS) {
        texts.add(text);
      }
    }
  }
  return [...texts].map((value, index) => ({ key: KEY, site: index === 0 ? SITE : `${SITE}[${index}]`, isGuidePlace: false, value }));
};
