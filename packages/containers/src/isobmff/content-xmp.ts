import { type ByteSource, TC260_XMP } from '@aigc-label/core';
import { packetBody, XMP_LIMIT_BYTES } from '../xmp/read-xmp.ts';
import { scanXmp } from '../xmp/scan-xmp.ts';
import { decodeXmp } from '../xmp/xmp-text.ts';

/** Whether bytes are an XMP packet and nothing else: well-formed, one `rdf:RDF`, white space and NULs around it. */
export const isXmpPacket = (packet: Uint8Array): boolean => {
  const decoded = packet.length > XMP_LIMIT_BYTES ? undefined : decodeXmp(packet);
  if (decoded === undefined) {
    return false;
  }
  const { rdf, fault, hasSecondRdf } = scanXmp(packetBody(decoded.text).body, TC260_XMP);
  return rdf !== undefined && fault === undefined && !hasSecondRdf;
};

/** The same of a stretch of a file, which is read only where it is no longer than a packet may be. */
export const isXmpStretch = async (source: ByteSource, start: number, length: number): Promise<boolean> =>
  length > 0 && length <= XMP_LIMIT_BYTES && isXmpPacket(await source.read(start, length));
