import { readXmp, spliceXmp } from '@aigc-label/containers';
import type { SidecarKind, XmpProperty } from '@aigc-label/core';
import { xmp } from '@aigc-label/image';
import { hashOfFile } from './node-hashing.ts';

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

/** Sidecars as XMP packets, bound to their file by SHA-256 (docs/decisions/0013). */
export const xmpSidecar: SidecarKind = {
  format: xmp,
  bind: (sidecar, digest) => spliceXmp(sidecar, CONTENT_DIGEST, { key: CONTENT_DIGEST.name, value: digest, fields: {} }, { site: 'xmp' }),
  boundTo: (sidecar) => readXmp(sidecar, CONTENT_DIGEST).properties.find(({ isGuidePlace }) => isGuidePlace)?.value,
  digestOf: async (source) => `sha-256:${Buffer.from(await hashOfFile(source)).toString('hex')}`,
};
