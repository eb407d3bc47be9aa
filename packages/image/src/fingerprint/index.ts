export { IMAGE_FINGERPRINT_DISTANCE, imageFingerprint } from './image-fingerprint.ts';
