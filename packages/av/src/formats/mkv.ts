import type { Format } from '@aigc-label/core';
import { matroskaFormat } from '../matroska-format.ts';

/** Matroska (RFC 9559): films, sound (.mka), subtitles (.mks), stereoscopic films (.mk3d). */
export const mkv: Format = matroskaFormat('matroska', {
  id: 'mkv',
  modality: 'video',
  mediaTypes: ['video/matroska', 'video/x-matroska', 'audio/matroska', 'audio/x-matroska', 'video/matroska-3d'],
  extensions: ['.mkv', '.mka', '.mks', '.mk3d'],
});
