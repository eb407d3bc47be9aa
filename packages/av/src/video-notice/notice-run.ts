/** A run of frames, first and last. */
export interface FrameRun {
  readonly first: number;
  readonly last: number;
}

/** How far behind the end of a run it is looked whether it goes on, in frames: a glaring picture may hide a notice for a while. */
const LOOK_BEHIND: readonly number[] = [3, 6, 10];

/**
 * The run of frames on which something stands, around one on which it does, with few looks: it is assumed to come and go once.
 *
 * @param known a frame on which it stands.
 */
export const runAround = async (known: number, count: number, stands: (frame: number) => Promise<boolean>): Promise<FrameRun> => {
  const first = await edge(known, -1, stands);
  let last = await edge(known, count, stands);
  for (const behind of LOOK_BEHIND) {
    const frame = last + behind;
    if (last < count - 1 && frame < count && (await stands(frame))) {
      last = await edge(frame, count, stands);
      break;
    }
  }
  return { first, last };
};

/** The frame farthest from `known` towards `beyond` on which it stands; `beyond` itself is outside. */
const edge = async (known: number, beyond: number, stands: (frame: number) => Promise<boolean>): Promise<number> => {
  const step = Math.sign(beyond - known);
  const end = beyond - step;
  if (known === end || (await stands(end))) {
    return end;
  }
  let [inside, outside] = [known, end];
  while (Math.abs(outside - inside) > 1) {
    const middle = Math.trunc((inside + outside) / 2);
    if (await stands(middle)) {
      inside = middle;
    } else {
      outside = middle;
    }
  }
  return inside;
};
