import { isTurned, layoutBadge, type Orientation, plateOf, type ResolvedBadge, toStored } from '@aigc-label/badge';

/** Moving pictures as they are stored, and how a player shows them. */
export interface ShownAs {
  readonly width: number;
  readonly height: number;
  /** Clockwise turn, in degrees, that a player makes before showing it. */
  readonly rotation: 0 | 90 | 180 | 270;
  /** Width of a stored pixel to its height. */
  readonly pixelAspect: number;
}

/** The badge in stored pixels: how far each is covered, and how bright the cover is, both 0 to 255. It begins and ends on even pixels. */
export interface NoticePlate {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly cover: Uint8Array;
  readonly bright: Uint8Array;
  /** The least contrast of the text over anything (WCAG 2.2). */
  readonly contrast: number;
}

/** Exif's orientation that stands for a turn: 6 is shown turned clockwise by 90°. */
const ORIENTATIONS: Readonly<Record<ShownAs['rotation'], Orientation>> = { 0: 1, 90: 6, 180: 3, 270: 8 };

/**
 * The badge for the picture as a viewer sees it, upright and with square pixels, turned and squeezed into the pixels that are stored: a player's turning and stretching gives it back.
 *
 * @throws LabelError `NOTICE_NOT_DRAWABLE`.
 */
export const noticePlate = async (badge: ResolvedBadge, { width, height, rotation, pixelAspect }: ShownAs): Promise<NoticePlate> => {
  // The finer of the two directions is kept, so that the badge is only ever made smaller.
  const squareWidth = pixelAspect > 1 ? Math.round(width * pixelAspect) : width;
  const squareHeight = pixelAspect < 1 ? Math.round(height / pixelAspect) : height;
  const orientation = ORIENTATIONS[rotation];
  const layout = isTurned(orientation) ? layoutBadge(badge, squareHeight, squareWidth) : layoutBadge(badge, squareWidth, squareHeight);
  const drawn = await plateOf(layout, badge);
  const { plate, left, top } = toStored({ plate: drawn, left: layout.left, top: layout.top }, orientation, squareWidth, squareHeight);
  const [across, down] = [spanOf(left, plate.width, width / squareWidth, width), spanOf(top, plate.height, height / squareHeight, height)];
  const cover = new Uint8Array(across.length * down.length);
  const bright = new Uint8Array(cover.length);
  const [groundBright, inkBright] = plate.groundLevel === 1 ? [255, 0] : [0, 255];
  for (let y = 0; y < down.length; y += 1) {
    for (let x = 0; x < across.length; x += 1) {
      const columns = sharesOf(across, x);
      let [ground, ink, both] = [0, 0, 0];
      for (const [row, rowShare] of sharesOf(down, y)) {
        for (const [column, columnShare] of columns) {
          const at = row * plate.width + column;
          const share = rowShare * columnShare;
          const inkHere = (plate.ink[at] as number) / 255;
          const groundHere = ((plate.ground[at] as number) / 255) * (1 - inkHere);
          ink += share * inkHere;
          ground += share * groundHere;
          both += share * (inkHere + groundHere);
        }
      }
      const at = y * across.length + x;
      cover[at] = Math.round(255 * both);
      bright[at] = both === 0 ? groundBright : Math.round((ink * inkBright + ground * groundBright) / both);
    }
  }
  return { left: across.start, top: down.start, width: across.length, height: down.length, cover, bright, contrast: plate.contrast };
};

/** Stored pixels, from an even one to an even one or the picture's end, and where they lie in the plate. */
interface Span {
  readonly start: number;
  readonly length: number;
  /** The plate's first pixel, and how many plate pixels there are to a stored one. */
  readonly plateStart: number;
  readonly plateLength: number;
  readonly perPixel: number;
}

const spanOf = (plateStart: number, plateLength: number, scale: number, limit: number): Span => {
  const start = Math.floor((plateStart * scale) / 2) * 2;
  const end = Math.min(limit, Math.ceil(((plateStart + plateLength) * scale) / 2) * 2);
  return { start, length: end - start, plateStart, plateLength, perPixel: 1 / scale };
};

/** Which of the plate's pixels make a stored one, and with which share; none outside the plate. */
const sharesOf = ({ start, plateStart, plateLength, perPixel }: Span, index: number): readonly (readonly [number, number])[] => {
  const from = (start + index) * perPixel - plateStart;
  const to = from + perPixel;
  const shares: (readonly [number, number])[] = [];
  for (let at = Math.max(0, Math.floor(from)); at < Math.min(plateLength, Math.ceil(to - 1e-9)); at += 1) {
    const share = (Math.min(to, at + 1) - Math.max(from, at)) / perPixel;
    if (share > 0) {
      shares.push([at, share]);
    }
  }
  return shares;
};
