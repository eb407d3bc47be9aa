export { FFMPEG_VARIABLE, findFfmpeg } from '../ffmpeg/find-ffmpeg.ts';
export { MOVING_LIKENESS_THRESHOLD, movingMatch, SOUND_LIKENESS_THRESHOLD, soundMatch } from './recording-likeness.ts';
