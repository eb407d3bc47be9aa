// Advanced Systems Format (ASF) Specification 01.20.03, §10; all as their 16 bytes stand in a file: the first three groups least significant byte first.

const guid = (text: string): string => {
  const [a = '', b = '', c = '', ...rest] = text.toLowerCase().split('-');
  const reversed = (group: string): string => (group.match(/../g) ?? []).toReversed().join('');
  return reversed(a) + reversed(b) + reversed(c) + rest.join('');
};

/** Names of the GUIDs that we know. */
export type AsfGuidName =
  | 'header'
  | 'data'
  | 'simpleIndex'
  | 'index'
  | 'mediaObjectIndex'
  | 'timecodeIndex'
  | 'xmp'
  | 'fileProperties'
  | 'headerExtension'
  | 'streamProperties'
  | 'extendedContentDescription'
  | 'metadata'
  | 'metadataLibrary'
  | 'digitalSignature'
  | 'contentDescription'
  | 'padding'
  | 'audio'
  | 'video';

/** Objects and stream types that we look at, in lower-case hexadecimal. */
export const ASF_GUIDS: Readonly<Record<AsfGuidName, string>> = {
  header: guid('75B22630-668E-11CF-A6D9-00AA0062CE6C'),
  data: guid('75B22636-668E-11CF-A6D9-00AA0062CE6C'),
  simpleIndex: guid('33000890-E5B1-11CF-89F4-00A0C90349CB'),
  index: guid('D6E229D3-35DA-11D1-9034-00A0C90349BE'),
  mediaObjectIndex: guid('FEB103F8-12AD-4C64-840F-2A1D2F7AD48C'),
  timecodeIndex: guid('3CB73FD0-0C4A-4803-953D-EDF7B6228F0C'),
  /** XMP part 3, §2.2.1 (ASF): a top-level object that holds a packet. */
  xmp: guid('BE7ACFCB-97A9-42E8-9C71-999491E3AFAC'),
  fileProperties: guid('8CABDCA1-A947-11CF-8EE4-00C00C205365'),
  headerExtension: guid('5FBF03B5-A92E-11CF-8EE3-00C00C205365'),
  streamProperties: guid('B7DC0791-A9B7-11CF-8EE6-00C00C205365'),
  extendedContentDescription: guid('D2D0A440-E307-11D2-97F0-00A0C95EA850'),
  metadata: guid('C5F8CBEA-5BAF-4877-8467-AA8C44FA4CCA'),
  metadataLibrary: guid('44231C94-9498-49D1-A141-1D134E457054'),
  digitalSignature: guid('2211B3FC-BD23-11D2-B4B7-00A0C955FC6E'),
  contentDescription: guid('75B22633-668E-11CF-A6D9-00AA0062CE6C'),
  padding: guid('1806D474-CADF-4509-A4BA-9AABCB96AAE8'),
  audio: guid('F8699E40-5B4D-11CF-A8FD-00805F5C442B'),
  video: guid('BC19EFC0-5B4D-11CF-A8FD-00805F5C442B'),
};

/** A GUID's 16 bytes. */
export const guidBytes = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** The 16 bytes at `offset` in lower-case hexadecimal. */
export const guidAt = (bytes: Uint8Array, offset: number): string =>
  Array.from(bytes.subarray(offset, offset + 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
