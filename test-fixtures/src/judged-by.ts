/** Which other tools read our label back in each format: in the tests (exiftool, ffprobe, a parser that is not ours), and by hand (the others). Formats × tools stand in docs/formats.md. */
export const JUDGED_BY: Readonly<Record<string, readonly string[]>> = {
  png: ['exiftool'],
  jpeg: ['exiftool'],
  gif: ['exiftool'],
  webp: ['exiftool'],
  mp4: ['exiftool', 'ffprobe', 'mediainfo'],
  mov: ['exiftool', 'ffprobe', 'mediainfo'],
  m4a: ['exiftool', 'ffprobe', 'mediainfo'],
  mp3: ['exiftool', 'ffprobe'],
  wav: ['exiftool'],
  html: ['exiftool'],
  markdown: [],
  pdf: ['exiftool', 'pdfinfo', 'qpdf'],
  plain: [],
};
