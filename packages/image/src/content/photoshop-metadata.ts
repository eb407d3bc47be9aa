// Image resources of Photoshop (Adobe Photoshop File Formats Specification, "Image Resource IDs").
const IPTC = 1028;
const IPTC_DIGEST = 1061;
const DIGEST_BYTES = 16;

/** IPTC, and the digest by which programs see that it was changed. Paths, resolution, profiles and what else stands among the resources is content. */
export const isMetadataResource = (id: number, data: Uint8Array): boolean =>
  (id === IPTC && isIptc(data)) || (id === IPTC_DIGEST && data.length === DIGEST_BYTES);

/** Data sets of IPTC-IIM 4.2 §1.5 to the byte, save zeros at the end. */
const isIptc = (data: Uint8Array): boolean => {
  let at = 0;
  while (data[at] === 0x1c) {
    const size = (data[at + 3] ?? 0x80) * 256 + (data[at + 4] ?? 0);
    if (size >= 0x8000 || at + 5 + size > data.length) {
      return false;
    }
    at += 5 + size;
  }
  return data.subarray(at).every((byte) => byte === 0);
};
