import { runFfmpeg } from '../ffmpeg/run-ffmpeg.ts';

/** What ffmpeg tells of the first picture of a stream when it decodes it. */
export interface FirstPicture {
  /** When it is shown, in seconds of ffmpeg's own clock; 0 where that is not told. */
  readonly shownAt: number;
  /** What the picture says of the display that it was made on, in the words of x265; `undefined` where it says nothing. */
  readonly mastering: string | undefined;
}

/**
 * Decodes the first picture of a stream.
 *
 * @param filter filters that let fewer pictures through, with a comma behind.
 * @throws LabelError as `runFfmpeg` does.
 */
export const firstPicture = async (
  program: string,
  path: string,
  index: number,
  {
    inputOptions,
    filter = '',
    signal,
  }: { readonly inputOptions: readonly string[]; readonly filter?: string; readonly signal: AbortSignal | undefined },
): Promise<FirstPicture> => {
  const { log } = await runFfmpeg({
    program,
    input: path,
    inputOptions: ['-noautorotate', ...inputOptions],
    outputOptions: ['-map', `0:${index}`, '-frames:v', '1', '-vf', `${filter}showinfo`, '-f', 'null'],
    maximumBytes: 1 << 20,
    timeoutSeconds: 60,
    signal,
  });
  const text = log.join('\n');
  return { shownAt: Number(/pts_time:(-?[\d.]+)/.exec(text)?.[1] ?? 0), mastering: masteringOf(text) };
};

const NUMBER = '([\\d.]+)';
const PAIR = `${NUMBER}[ ,]+${NUMBER}`;
const MASTERING = new RegExp(`r\\(${PAIR}\\) g\\(${PAIR}\\) b\\(${PAIR}\\) wp\\(${PAIR}\\) min_luminance=${NUMBER},? max_luminance=${NUMBER}`);
const LIGHT = /MaxCLL=(\d+), MaxFALL=(\d+)/;

/** Chromaticities in steps of 1/50,000 and luminances in steps of 1/10,000 cd/m² (H.265 §D.3.28). */
const masteringOf = (text: string): string | undefined => {
  const match = MASTERING.exec(text);
  if (match === null) {
    return undefined;
  }
  const [rx = 0, ry = 0, gx = 0, gy = 0, bx = 0, by = 0, wx = 0, wy = 0] = match.slice(1, 9).map((value) => Math.round(Number(value) * 50_000));
  const [least = 0, most = 0] = match.slice(9).map((value) => Math.round(Number(value) * 10_000));
  const light = LIGHT.exec(text);
  const display = `master-display=G(${gx},${gy})B(${bx},${by})R(${rx},${ry})WP(${wx},${wy})L(${most},${least})`;
  return light === null ? display : `${display}:max-cll=${light[1]},${light[2]}`;
};
