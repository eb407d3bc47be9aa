/** Where a badge stands on the stored pixels of a picture, and how it is to look there. */
import {
  ANYTHING,
  type BadgeLayout,
  type Beneath,
  isTurned,
  layoutBadge,
  type Orientation,
  orientationOf,
  type PlacedPlate,
  plateOf,
  type ResolvedBadge,
  toStored,
} from '@aigc-label/badge';

/** A badge laid out for one picture. */
export interface BadgePlace {
  readonly badge: ResolvedBadge;
  /** For the picture as a viewer sees it. */
  readonly layout: BadgeLayout;
  readonly orientation: Orientation;
  /** The stored picture. */
  readonly width: number;
  readonly height: number;
  /** The plate on the stored pixels, as it would be over anything. */
  readonly placed: PlacedPlate;
}

/** Lays the badge out for the viewer of a stored picture. @throws LabelError `NOTICE_NOT_DRAWABLE`. */
export const badgePlace = async (badge: ResolvedBadge, width: number, height: number, orientationTag?: number): Promise<BadgePlace> => {
  const orientation = orientationOf(orientationTag);
  const layout = isTurned(orientation) ? layoutBadge(badge, height, width) : layoutBadge(badge, width, height);
  const place = { badge, layout, orientation, width, height };
  return { ...place, placed: await plateOver(place, ANYTHING) };
};

/** The plate as it suits what lies beneath, on the stored pixels. */
export const plateOver = async (place: Omit<BadgePlace, 'placed'>, beneath: Beneath): Promise<PlacedPlate> => {
  const { badge, layout, orientation, width, height } = place;
  const upright = { plate: await plateOf(layout, badge, beneath), left: layout.left, top: layout.top };
  return orientation === 1 ? upright : toStored(upright, orientation, width, height);
};

/** A rectangle of stored bytes, as large as the plate, as a viewer sees it: what `toStored` does, backwards. */
export const uprightOf = (stored: Uint8Array, { layout: { width, height }, orientation }: BadgePlace): Uint8Array => {
  if (orientation === 1) {
    return stored;
  }
  const flipsX = orientation === 2 || orientation === 3 || orientation === 6 || orientation === 7;
  const flipsY = orientation === 3 || orientation === 4 || orientation === 7 || orientation === 8;
  const upright = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const v = flipsY ? height - 1 - y : y;
    for (let x = 0; x < width; x += 1) {
      const u = flipsX ? width - 1 - x : x;
      upright[y * width + x] = stored[isTurned(orientation) ? u * height + v : v * width + u] ?? 0;
    }
  }
  return upright;
};
