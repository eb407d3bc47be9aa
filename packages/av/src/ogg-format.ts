import {
  type CommentMatch,
  editOggComments,
  editVorbisComments,
  FLAC_MAXIMUM_BLOCK_BYTES,
  FLAC_PREFIX_BYTES,
  type OggChain,
  type OggComments,
  oggCodec,
  parseOggPage,
  readOggChain,
} from '@aigc-label/containers';
import {
  type Anomaly,
  type ByteSource,
  damaged,
  type Format,
  LabelError,
  noPlaceInside,
  type Slot,
  type SlotText,
  type Splice,
  u32be,
} from '@aigc-label/core';
import { AUDIO_KEY, commentSlots, hasOnly } from './comment-slots.ts';
import { oggContent } from './content/ogg-content.ts';

const SITE = 'ogg';

/** Bytes that may be read to find chained streams: while verifying, and while labelling, where none may be missed. */
const READ_CHAIN_BYTES = 640 << 10;
const PLAN_CHAIN_BYTES = 64 << 20;

/** Which of our formats a file in Ogg is, by the streams that begin in its head; `undefined` where it is none. */
export const oggKind = (head: Uint8Array): 'ogg' | 'opus' | 'ogv' | undefined => {
  const codecs: string[] = [];
  let page = parseOggPage(head, 0, 0);
  if (page === undefined) {
    return undefined;
  }
  for (; page?.isFirst === true; page = parseOggPage(head, page.end, page.end)) {
    const codec = oggCodec(head, page.bodyAt);
    if (codec?.modality === 'video') {
      return 'ogv';
    }
    codecs.push(...(codec === undefined ? [] : [codec.id]));
  }
  return codecs[0] === 'opus' ? 'opus' : 'ogg';
};

/** The part that all formats in Ogg share. */
export const oggFormat = (
  kind: 'ogg' | 'opus' | 'ogv',
): Pick<Format, 'sidecar' | 'read' | 'plan' | 'content'> & { readonly matches: (head: Uint8Array) => boolean } => ({
  sidecar: 'some',
  matches: (head) => oggKind(head) === kind,
  read: async (source) => {
    const { found, anomalies } = await readOgg(source, READ_CHAIN_BYTES);
    return { found, anomalies };
  },
  plan: async (source, slot) => planOgg(source, await readOgg(source, PLAN_CHAIN_BYTES), slot),
  content: oggContent,
});

interface Ogg {
  readonly chain: OggChain;
  readonly found: readonly Slot[];
  readonly anomalies: readonly Anomaly[];
}

const readOgg = async (source: ByteSource, budgetBytes: number): Promise<Ogg> => {
  const anomalies: Anomaly[] = [];
  const chain = await readOggChain(source, AUDIO_KEY, SITE, budgetBytes, anomalies);
  const [first] = chain.links;
  const found = chain.links.flatMap(({ comments }) =>
    comments.flatMap((one) => commentSlots(one.comments, one.site, one.stream === first?.streams[0])),
  );
  return { chain, found, anomalies };
};

const planOgg = async (source: ByteSource, { chain, found }: Ogg, slot: SlotText): Promise<readonly Splice[]> => {
  const { links, isWhole } = chain;
  const [first] = links;
  const bad = links.find(({ problem }) => problem !== undefined);
  if (first === undefined || bad !== undefined) {
    throw damaged(SITE, bad?.start ?? 0, bad?.problem ?? 'there is no stream');
  }
  const [stream] = first.streams;
  if (stream === undefined) {
    throw noPlaceInside('Ogg', 'none of its streams has a comment header');
  }
  const target = first.comments.find((one) => one.stream === stream);
  const unread = links.find(({ streams, comments }) => streams.length > comments.length);
  if (target === undefined || unread !== undefined) {
    throw damaged(SITE, unread?.start ?? 0, `a ${stream.codec.id} stream has no comment header where it must stand`);
  }
  if (!isWhole) {
    throw new LabelError(
      'LIMIT_EXCEEDED',
      'Not all streams of the Ogg file could be found, so that another label may stand in one; remux the file.',
      {
        data: { site: SITE, links: links.length },
      },
    );
  }
  const all = links.flatMap(({ comments }) => comments);
  if (
    hasOnly(
      found,
      all.reduce((total, { comments }) => total + comments.matches.length, 0),
      slot,
    )
  ) {
    return [];
  }
  const splices: Splice[] = [];
  for (const one of all) {
    if (one === target || one.comments.matches.length > 0) {
      splices.push(...(await edited(source, one, one.comments.matches, one === target ? slot : undefined)));
    }
  }
  return splices;
};

const edited = (source: ByteSource, one: OggComments, remove: readonly CommentMatch[], slot: SlotText | undefined): Promise<readonly Splice[]> => {
  const insert = slot === undefined ? {} : { insert: { name: slot.key, text: slot.value } };
  const inside = editVorbisComments(one.comments, { remove, ...insert }, one.site);
  const sizeBytes = inside.reduce((total, splice) => total + splice.insert.length - splice.remove, one.packetEnd - FLAC_PREFIX_BYTES);
  if (one.stream.codec.id !== 'flac' || inside.length === 0) {
    return editOggComments(source, one, inside);
  }
  if (sizeBytes > FLAC_MAXIMUM_BLOCK_BYTES) {
    throw new LabelError('CARRIER_FULL', 'The comments have no room for a label: a FLAC block holds 16 MiB. Take a text out of them.', {
      data: { site: one.site, sizeBytes, limitBytes: FLAC_MAXIMUM_BLOCK_BYTES },
    });
  }
  return editOggComments(source, one, [{ at: 1, remove: 3, insert: u32be(sizeBytes).subarray(1) }, ...inside]);
};
