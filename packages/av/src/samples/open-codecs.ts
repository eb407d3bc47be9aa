import { unfit } from './unfit.ts';

/** `vpcC` for the pictures of both (VP Codec ISO Media File Format Binding 1.0): the higher level. Its sets stand in the pictures. @throws LabelError `NOTICE_UNSUPPORTED`. */
export const joinVp9Configurations = (kept: Uint8Array, added: Uint8Array): Uint8Array => {
  if (kept.length < 12 || added.length < 12) {
    return kept;
  }
  const formatOf = (bytes: Uint8Array): string => {
    const packed = bytes[6] ?? 0;
    const chroma = Math.max(1, (packed >> 1) & 7); // 0 and 1 are both 4:2:0, sited differently
    return `profile ${bytes[4]}, ${packed >> 4} bits, chroma ${chroma}, range ${packed & 1}`;
  };
  refuseOther(formatOf(kept), formatOf(added));
  const joined = kept.slice();
  joined[5] = Math.max(kept[5] ?? 0, added[5] ?? 0);
  return joined;
};

/** `av1C` for the pictures of both (AV1 Codec ISO Media File Format Binding §2.3): the higher level and tier; its sequence header stays. @throws LabelError `NOTICE_UNSUPPORTED`. */
export const joinAv1Configurations = (kept: Uint8Array, added: Uint8Array): Uint8Array => {
  if (kept.length < 4 || added.length < 4) {
    return kept;
  }
  const formatOf = (bytes: Uint8Array): string => `profile ${(bytes[1] ?? 0) >> 5}, format ${(bytes[2] ?? 0) & 0x7c}`;
  refuseOther(formatOf(kept), formatOf(added));
  const joined = kept.slice();
  joined[1] = ((kept[1] ?? 0) & 0xe0) | Math.max((kept[1] ?? 0) & 31, (added[1] ?? 0) & 31);
  joined[2] = (kept[2] ?? 0) | ((added[2] ?? 0) & 0x80);
  return joined;
};

const refuseOther = (kept: string, added: string): void => {
  if (kept !== added) {
    throw unfit('parameters', `the new pictures have ${added} instead of ${kept}`);
  }
};
