/** ffmpeg's names of the demuxers, so that what looks like another format by its bytes is not read as that (a playlist names other files). */
const DEMUXERS: Readonly<Record<string, string>> = {
  mp4: 'mov',
  mov: 'mov',
  mkv: 'matroska',
  webm: 'matroska',
  avi: 'avi',
  flv: 'flv',
  ts: 'mpegts',
  ogv: 'ogg',
  wmv: 'asf',
};

/** Which demuxer is to read a file of that format. */
export const demuxerOptions = (formatId: string): readonly string[] => {
  const demuxer = DEMUXERS[formatId];
  return demuxer === undefined ? [] : ['-f', demuxer];
};
