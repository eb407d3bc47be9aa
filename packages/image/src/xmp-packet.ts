import { latin1 } from '@aigc-label/core';

/** The namespaces of RDF and of the wrapper around it: every packet has one of them near its beginning. */
const NAMESPACES = /http:\/\/www\.w3\.org\/1999\/02\/22-rdf-syntax-ns#|adobe:ns:meta\//;

/** How far from the beginning a namespace is looked for, in bytes: comments may stand in front. */
const LOOKED_AT_BYTES = 16_384;

/** Whether an XML text of unknown use is XMP, in UTF-8 or UTF-16. */
export const isXmpPacket = (bytes: Uint8Array): boolean => NAMESPACES.test(latin1(bytes.subarray(0, LOOKED_AT_BYTES)).replaceAll('\0', ''));
