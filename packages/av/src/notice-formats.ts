/** Ids of the formats into which a notice that people hear can be put. */
export const SOUND_NOTICE_FORMATS: readonly string[] = ['wav', 'aiff', 'flac', 'mp3', 'aac', 'm4a', 'opus', 'ogg'];

/** Ids of the formats on whose pictures a notice can be shown. */
export const VIDEO_NOTICE_FORMATS: readonly string[] = ['mp4', 'mov', 'mkv', 'webm', 'avi', 'flv', 'ts', 'ogv', 'wmv'];
