import { type ByteSource, TC260_XMP } from '@aigc-label/core';
import { locateXmp } from '../xmp/locate-xmp.ts';
import { XMP_LIMIT_BYTES } from '../xmp/read-xmp.ts';

/** Whether a stretch of a file is an XMP packet and nothing else: well-formed, one `rdf:RDF`, white space and NULs around it. It is read only where it is no longer than a packet may be. */
export const isXmpStretch = async (source: ByteSource, start: number, length: number): Promise<boolean> =>
  length > 0 && length <= XMP_LIMIT_BYTES && locateXmp(await source.read(start, length), TC260_XMP)?.rdf !== undefined;
