/**
 * Whether a head holds control characters, which no text does: it keeps pictures with short signatures apart from texts that happen to begin so. Of 100 bytes of
 * a compressed picture, 99,999 in 100,000 have one.
 */
export const holdsControls = (head: Uint8Array): boolean => head.some((byte) => byte < 0x09 || byte === 0x0b || (byte > 0x0d && byte < 0x20));
