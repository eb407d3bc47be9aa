import { type ByteSource, LabelError, latin1 } from '@aigc-label/core';

/** Enough for the end marks of all of them, in bytes. */
const MARK_BYTES = 64;

/** What programs put behind a picture and find from its end; some hold offsets from the beginning, so that nothing may come before them either. */
const TRAILERS: readonly { readonly name: string; readonly isEnd: (end: string) => boolean }[] = [
  { name: 'Canon VRD', isEnd: (end) => end.startsWith('CANON OPTIONAL DATA\0') },
  { name: 'AFCP', isEnd: (end) => /^AXS[!*]/.test(end.slice(-12)) },
  { name: 'FotoStation', isEnd: (end) => end.endsWith('\xa1\xb2\xc3\xd4') },
  { name: 'Photo Mechanic', isEnd: (end) => end.endsWith('cbipcbbl') },
];

/** Throws `LabelError` `FORMAT_UNSUPPORTED_FEATURE` where the file ends with data that its program would not find any more behind ours. */
export const refuseTrailer = async (source: ByteSource): Promise<void> => {
  const length = Math.min(source.size, MARK_BYTES);
  const end = latin1(await source.read(source.size - length, length));
  const trailer = TRAILERS.find(({ isEnd }) => isEnd(end));
  if (trailer !== undefined) {
    throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', `The file ends with data of ${trailer.name}; save it without them and try again.`, {
      data: { site: 'tiff/trailer', name: trailer.name },
    });
  }
};
