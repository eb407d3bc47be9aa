import { createHash } from 'node:crypto';
import { readXmp, spliceXmp } from '@aigc-label/containers';
import type { ByteSource, SidecarKind, XmpProperty } from '@aigc-label/core';
import { xmp } from '@aigc-label/image';

/** Says to which bytes a sidecar belongs. A URN, because nobody is to look for a page behind it. */
const CONTENT_DIGEST: XmpProperty = {
  namespace: 'urn:aigc-label:sidecar:1',
  prefix: 'sidecar',
  name: 'ContentDigest',
  kindred: [],
  borrowed: [],
  aliases: [],
  fields: [],
};

/** Bytes that are hashed at a time. */
const PIECE_BYTES = 1 << 20;

/** Sidecars as XMP packets, bound to their file by SHA-256 (docs/decisions/0013). */
export const xmpSidecar: SidecarKind = {
  format: xmp,
  bind: (sidecar, digest) => spliceXmp(sidecar, CONTENT_DIGEST, { key: CONTENT_DIGEST.name, value: digest, fields: {} }, { site: 'xmp' }),
  boundTo: (sidecar) => readXmp(sidecar, CONTENT_DIGEST).properties.find(({ isGuidePlace }) => isGuidePlace)?.value,
  async digestOf(source: ByteSource) {
    const hash = createHash('sha256');
    for (let offset = 0; offset < source.size; offset += PIECE_BYTES) {
      hash.update(await source.read(offset, Math.min(PIECE_BYTES, source.size - offset)));
    }
    return `sha-256:${hash.digest('hex')}`;
  },
};
