// What begins the streams inside Ogg: Vorbis I §4.2.1; RFC 7845 §3, §5.2 (Opus); Theora §6.2, §6.3; Speex manual §7; xiph.org/flac/ogg_mapping.html.
import { ascii, concat, startsWith } from '@aigc-label/core';

/** A codec whose second packet is a comment header. */
export interface OggCodec {
  readonly id: 'vorbis' | 'opus' | 'theora' | 'speex' | 'flac' | 'vp8';
  readonly modality: 'audio' | 'video';
  /** How the first packet begins. */
  readonly first: Uint8Array;
  /** How the second begins; the comment list stands behind it. */
  readonly second: Uint8Array;
}

const CODECS: readonly OggCodec[] = [
  { id: 'vorbis', modality: 'audio', first: ascii('\x01vorbis'), second: ascii('\x03vorbis') },
  { id: 'opus', modality: 'audio', first: ascii('OpusHead'), second: ascii('OpusTags') },
  { id: 'theora', modality: 'video', first: concat(Uint8Array.of(0x80), ascii('theora')), second: concat(Uint8Array.of(0x81), ascii('theora')) },
  { id: 'speex', modality: 'audio', first: ascii('Speex   '), second: new Uint8Array() },
  // The second packet is a metadata block: its header says type 4 and 24 bits of length.
  { id: 'flac', modality: 'audio', first: ascii('\x7fFLAC'), second: new Uint8Array() },
  { id: 'vp8', modality: 'video', first: ascii('OVP80\x01'), second: ascii('OVP80\x02 ') },
];

/** The codec whose first packet begins with these bytes, or `undefined` where it is none that has comments. */
export const oggCodec = (bytes: Uint8Array, offset = 0): OggCodec | undefined => CODECS.find(({ first }) => startsWith(bytes, first, offset));
