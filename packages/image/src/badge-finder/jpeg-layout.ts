/** The segments and scans of a JPEG, as far as brightness needs them (ITU-T T.81 Annex B). */
import type { Orientation } from '@aigc-label/badge/find';
import { damaged, LabelError } from '@aigc-label/core';
import { type Codes, codesOf } from './jpeg-codes.ts';
import { assertSize } from './shrinking.ts';
import { exifOrientation } from './upright.ts';

/** A component of the frame. */
export interface FrameComponent {
  readonly id: number;
  readonly across: number;
  readonly down: number;
  readonly quantisationId: number;
  /** Blocks that hold picture: what a scan of this component alone codes (A.2.2). */
  readonly blocksAcross: number;
  readonly blocksDown: number;
}

/** The plane of brightness. */
export interface LumaPlane {
  /** In samples. */
  readonly width: number;
  readonly height: number;
  readonly blocksAcross: number;
  readonly blocksDown: number;
  /** Blocks in a row and rows of blocks with what fills up the last units. */
  readonly stride: number;
  readonly rows: number;
}

/** One scan with what stood in force when it began. */
export interface Scan {
  readonly components: readonly {
    readonly index: number;
    readonly across: number;
    readonly down: number;
    readonly dc?: Codes;
    readonly ac?: Codes;
  }[];
  readonly first: number;
  readonly last: number;
  readonly high: number;
  readonly low: number;
  readonly restartInterval: number;
  /** Units of the whole frame, for scans of several components. */
  readonly unitsAcross: number;
  readonly unitsDown: number;
  readonly start: number;
}

/** A JPEG taken apart. */
export interface JpegLayout {
  readonly width: number;
  readonly height: number;
  readonly isProgressive: boolean;
  /** Which component is brightness: the first, or green. */
  readonly luma: number;
  readonly plane: LumaPlane;
  readonly quantisation: Uint16Array | undefined;
  readonly orientation: Orientation;
  readonly scans: readonly Scan[];
}

/** More scans than any encoder writes. */
const MAXIMUM_SCANS = 100;
/** Segments outside scans. */
const MAXIMUM_SEGMENTS = 100_000;

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly isProgressive: boolean;
  readonly components: readonly FrameComponent[];
  readonly unitsAcross: number;
  readonly unitsDown: number;
  readonly mostAcross: number;
  readonly mostDown: number;
}

/** Locates everything; `undefined` for kinds that are not decoded. @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`. */
export const layoutOfJpeg = (bytes: Uint8Array): JpegLayout | undefined => {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) {
    throw damaged('jpeg', 0, 'there is no start of image');
  }
  const dc: (Codes | undefined)[] = [];
  const ac: (Codes | undefined)[] = [];
  const quantisation: (Uint16Array | undefined)[] = [];
  const scans: Scan[] = [];
  let frame: Frame | undefined;
  let orientation: Orientation = 1;
  let isRgb = false;
  let restartInterval = 0;
  let position = 2;
  for (let count = 0; count < MAXIMUM_SEGMENTS; count += 1) {
    const start = position;
    if (bytes[position] !== 0xff) {
      throw damaged('jpeg', position, 'a marker is expected');
    }
    while (bytes[position] === 0xff) {
      position += 1;
    }
    const marker = bytes[position] ?? 0;
    position += 1;
    if (marker === 0xd9) {
      if (frame === undefined || scans.length === 0) {
        throw damaged('jpeg/EOI', start, 'the picture ends before its first scan');
      }
      return described(frame, scans, quantisation, isRgb || isNamedRgb(frame), orientation);
    }
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      continue;
    }
    const length = ((bytes[position] ?? 0) << 8) | (bytes[position + 1] ?? 0);
    const end = position + length;
    if (length < 2 || end > bytes.length) {
      throw damaged('jpeg', start, 'the file ends inside a segment, or before its end of image');
    }
    const payload = bytes.subarray(position + 2, end);
    position = end;
    if (marker === 0xda) {
      if (frame === undefined) {
        throw damaged('jpeg/SOS', start, 'a scan stands before its frame');
      }
      if (scans.length >= MAXIMUM_SCANS) {
        throw new LabelError('LIMIT_EXCEEDED', `The JPEG has more than ${MAXIMUM_SCANS} scans. Export it again from its source.`, {
          data: { limitScans: MAXIMUM_SCANS },
        });
      }
      scans.push(scanOf(payload, frame, dc, ac, restartInterval, end));
      position = endOfScan(bytes, end);
    } else if (marker === 0xc4) {
      readCodes(payload, start, dc, ac);
    } else if (marker === 0xdb) {
      readQuantisation(payload, start, quantisation, scans.length > 0);
    } else if (marker === 0xdd) {
      restartInterval = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);
    } else if (marker === 0xc0 || marker === 0xc1 || marker === 0xc2) {
      if (frame !== undefined) {
        throw damaged('jpeg/SOF', start, 'there are two frames');
      }
      frame = frameOf(payload, start, marker === 0xc2, bytes.length);
      if (frame === undefined) {
        return undefined;
      }
    } else if (marker >= 0xc3 && marker <= 0xcf) {
      return undefined;
    } else if (marker === 0xe1 && hasName(payload, 'Exif\0\0')) {
      orientation = exifOrientation(payload.subarray(6));
    } else if (marker === 0xee && hasName(payload, 'Adobe')) {
      isRgb = payload[11] === 0;
    }
  }
  throw new LabelError('LIMIT_EXCEEDED', `The JPEG has more than ${MAXIMUM_SEGMENTS} segments.`, { data: { limitSegments: MAXIMUM_SEGMENTS } });
};

const hasName = (payload: Uint8Array, name: string): boolean => String.fromCharCode(...payload.subarray(0, name.length)) === name;

const isNamedRgb = ({ components }: Frame): boolean => String.fromCharCode(...components.map(({ id }) => id)) === 'RGB';

const described = (
  frame: Frame,
  scans: readonly Scan[],
  quantisation: readonly (Uint16Array | undefined)[],
  isRgb: boolean,
  orientation: Orientation,
): JpegLayout | undefined => {
  const luma = isRgb && frame.components.length === 3 ? 1 : 0;
  const component = frame.components[luma];
  if (component === undefined) {
    return undefined;
  }
  const { across, down, blocksAcross, blocksDown } = component;
  return {
    width: frame.width,
    height: frame.height,
    isProgressive: frame.isProgressive,
    luma,
    plane: {
      width: Math.ceil((frame.width * across) / frame.mostAcross),
      height: Math.ceil((frame.height * down) / frame.mostDown),
      blocksAcross,
      blocksDown,
      stride: frame.unitsAcross * across,
      rows: frame.unitsDown * down,
    },
    quantisation: quantisation[component.quantisationId],
    orientation,
    scans,
  };
};

/** The first marker after entropy-coded data that is no restart (B.1.1.5). */
const endOfScan = (bytes: Uint8Array, start: number): number => {
  for (let position = bytes.indexOf(0xff, start); position >= 0 && position + 1 < bytes.length; ) {
    const next = bytes[position + 1] ?? 0;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) {
      return position;
    }
    position = bytes.indexOf(0xff, position + (next === 0xff ? 1 : 2));
  }
  throw damaged('jpeg/scan', bytes.length, 'the file ends inside a scan');
};

const frameOf = (payload: Uint8Array, start: number, isProgressive: boolean, fileBytes: number): Frame | undefined => {
  const height = ((payload[1] ?? 0) << 8) | (payload[2] ?? 0);
  const width = ((payload[3] ?? 0) << 8) | (payload[4] ?? 0);
  const count = payload[5] ?? 0;
  if (payload[0] !== 8 || height === 0 || count === 4) {
    return undefined;
  }
  if (width === 0 || (count !== 1 && count !== 3) || payload.length < 6 + 3 * count) {
    throw damaged('jpeg/SOF', start, `${width} × ${height} pixels in ${count} components`);
  }
  const factors = Array.from({ length: count }, (_, index) => ({
    id: payload[6 + 3 * index] ?? 0,
    across: (payload[7 + 3 * index] ?? 0) >> 4,
    down: (payload[7 + 3 * index] ?? 0) & 15,
    quantisationId: payload[8 + 3 * index] ?? 0,
  }));
  if (factors.some(({ across, down, quantisationId }) => across < 1 || across > 4 || down < 1 || down > 4 || quantisationId > 3)) {
    throw damaged('jpeg/SOF', start, 'a sampling factor or table is out of range');
  }
  const mostAcross = Math.max(...factors.map(({ across }) => across));
  const mostDown = Math.max(...factors.map(({ down }) => down));
  const unitsAcross = Math.ceil(width / (8 * mostAcross));
  const unitsDown = Math.ceil(height / (8 * mostDown));
  assertSize(width, height);
  const blocks = factors.reduce((total, { across, down }) => total + across * down, 0) * unitsAcross * unitsDown;
  // Every block costs a bit at least: a header that promises more than the file can hold allocates nothing.
  if (blocks > fileBytes * 8) {
    throw damaged('jpeg/SOF', start, `${blocks} blocks cannot stand in ${fileBytes} bytes`);
  }
  const components = factors.map((factor) => ({
    ...factor,
    blocksAcross: Math.ceil(Math.ceil((width * factor.across) / mostAcross) / 8),
    blocksDown: Math.ceil(Math.ceil((height * factor.down) / mostDown) / 8),
  }));
  return { width, height, isProgressive, components, unitsAcross, unitsDown, mostAcross, mostDown };
};

const scanOf = (
  payload: Uint8Array,
  frame: Frame,
  dc: readonly (Codes | undefined)[],
  ac: readonly (Codes | undefined)[],
  restartInterval: number,
  end: number,
): Scan => {
  const count = payload[0] ?? 0;
  if (count < 1 || count > 3 || payload.length < 4 + 2 * count) {
    throw damaged('jpeg/SOS', end, `${count} components in a scan of ${payload.length} bytes`);
  }
  const components = Array.from({ length: count }, (_, place) => {
    const index = frame.components.findIndex(({ id }) => id === payload[1 + 2 * place]);
    const component = frame.components[index];
    const tables = payload[2 + 2 * place] ?? 0;
    if (component === undefined) {
      throw damaged('jpeg/SOS', end, 'a scan names a component that is not in the frame');
    }
    const [dcCodes, acCodes] = [dc[(tables >> 4) & 3], ac[tables & 3]];
    return { index, across: component.across, down: component.down, ...(dcCodes && { dc: dcCodes }), ...(acCodes && { ac: acCodes }) };
  });
  const [first = 0, last = 0, approximation = 0] = payload.subarray(1 + 2 * count);
  const shared = { components, restartInterval, unitsAcross: frame.unitsAcross, unitsDown: frame.unitsDown, start: end };
  if (!frame.isProgressive) {
    return { ...shared, first: 0, last: 63, high: 0, low: 0 };
  }
  if (last > 63 || first > last || (first === 0 && last !== 0) || (first > 0 && count > 1) || (approximation & 15) > 13) {
    throw damaged('jpeg/SOS', end, `coefficients ${first} to ${last} cannot be one scan`);
  }
  return { ...shared, first, last, high: approximation >> 4, low: approximation & 15 };
};

const readCodes = (payload: Uint8Array, start: number, dc: (Codes | undefined)[], ac: (Codes | undefined)[]): void => {
  for (let position = 0; position < payload.length; ) {
    const kind = payload[position] ?? 0;
    const counts = payload.subarray(position + 1, position + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const end = position + 17 + total;
    if (counts.length < 16 || total > 256 || end > payload.length || kind >> 4 > 1 || (kind & 15) > 3) {
      throw damaged('jpeg/DHT', start, 'a Huffman table is cut short');
    }
    (kind >> 4 === 0 ? dc : ac)[kind & 15] = codesOf(counts, payload.subarray(position + 17, end), start);
    position = end;
  }
};

/** Tables that come after the first scan are another picture's, or never used. */
const readQuantisation = (payload: Uint8Array, start: number, tables: (Uint16Array | undefined)[], isLate: boolean): void => {
  for (let position = 0; position < payload.length; ) {
    const kind = payload[position] ?? 0;
    const isWide = kind >> 4 === 1;
    const from = position + 1;
    const end = from + (isWide ? 128 : 64);
    if (kind >> 4 > 1 || (kind & 15) > 3 || end > payload.length) {
      throw damaged('jpeg/DQT', start, 'a quantisation table is cut short');
    }
    if (!isLate || tables[kind & 15] === undefined) {
      tables[kind & 15] = Uint16Array.from({ length: 64 }, (_, index) =>
        isWide ? ((payload[from + 2 * index] ?? 0) << 8) | (payload[from + 2 * index + 1] ?? 0) : (payload[from + index] ?? 0),
      );
    }
    position = end;
  }
};
