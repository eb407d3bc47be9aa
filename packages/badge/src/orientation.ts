/** Exif's eight orientations: from the picture as it is seen to the pixels as they are stored (Exif 3.0 §4.6.5.1.6). */
import type { Plate } from './badge-plate.ts';

/** 1 to 8; 1 is upright. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** A plate with its place in the stored pixels. */
export interface PlacedPlate {
  readonly plate: Plate;
  readonly left: number;
  readonly top: number;
}

/** A stored tag as an orientation; what is missing or nonsense counts as upright, as viewers do. */
export const orientationOf = (tag: number | undefined): Orientation =>
  tag !== undefined && tag >= 1 && tag <= 8 ? (Math.floor(tag) as Orientation) : 1;

/** Whether seen width is stored height. */
export const isTurned = (orientation: Orientation): boolean => orientation >= 5;

/** Turns a plate that stands in the upright picture into the one that must be mixed into the stored pixels. `width` and `height` are the stored picture's. */
export const toStored = ({ plate, left, top }: PlacedPlate, orientation: Orientation, width: number, height: number): PlacedPlate => {
  const turned = isTurned(orientation);
  const [storedWidth, storedHeight] = turned ? [plate.height, plate.width] : [plate.width, plate.height];
  // Seen x grows leftwards or upwards in the stored pixels for these.
  const flipsX = orientation === 2 || orientation === 3 || orientation === 6 || orientation === 7;
  const flipsY = orientation === 3 || orientation === 4 || orientation === 7 || orientation === 8;
  const [seenWidth, seenHeight] = turned ? [height, width] : [width, height];
  const along = flipsX ? seenWidth - left - plate.width : left;
  const down = flipsY ? seenHeight - top - plate.height : top;
  const turn = (mask: Uint8Array): Uint8Array => {
    const stored = new Uint8Array(mask.length);
    for (let y = 0; y < plate.height; y += 1) {
      const v = flipsY ? plate.height - 1 - y : y;
      for (let x = 0; x < plate.width; x += 1) {
        const u = flipsX ? plate.width - 1 - x : x;
        stored[turned ? u * storedWidth + v : v * storedWidth + u] = mask[y * plate.width + x] ?? 0;
      }
    }
    return stored;
  };
  return {
    plate: { ...plate, width: storedWidth, height: storedHeight, ground: turn(plate.ground), ink: turn(plate.ink) },
    left: turned ? down : along,
    top: turned ? along : down,
  };
};
