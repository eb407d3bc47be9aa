/** The structure of a JPEG file of one frame, with every scan's entropy-coded bytes located (ITU-T T.81 Annex B). */
import { damaged, LabelError } from '@aigc-label/core';
import { type DecodingTable, decodingTable } from './huffman.ts';

/** One colour plane; its coefficients stand in memory from when they are first asked for: blocks in raster order, 64 each in zigzag order. */
export interface JpegComponent {
  readonly id: number;
  /** Sampling factors, 1 to 4. */
  readonly across: number;
  readonly down: number;
  /** Blocks that hold picture; what an unmixed scan codes (A.2.2). */
  readonly blocksAcross: number;
  readonly blocksDown: number;
  /** Blocks in a row of `coefficients`, a multiple of the MCU. */
  readonly stride: number;
  readonly coefficients: Int16Array;
  readonly quantisationId: number;
}

/** One SOS with everything that stood in force when it began. */
export interface JpegScan {
  readonly components: readonly { readonly component: JpegComponent; readonly dcId: number; readonly acId: number }[];
  readonly spectralStart: number;
  readonly spectralEnd: number;
  readonly approximationHigh: number;
  readonly approximationLow: number;
  readonly restartInterval: number;
  /** By id 0 to 3. */
  readonly dcTables: readonly (DecodingTable | undefined)[];
  readonly acTables: readonly (DecodingTable | undefined)[];
  readonly entropyStart: number;
  readonly entropyEnd: number;
}

/** A stretch of the file: copied as it is, left out (old Huffman tables), or a scan that is coded anew. */
export type JpegPart =
  | { readonly kind: 'keep' | 'tables'; readonly start: number; readonly end: number }
  | { readonly kind: 'scan'; readonly start: number; readonly scan: JpegScan };

/** A JPEG ready to be decoded to coefficients. */
export interface JpegFrame {
  readonly width: number;
  readonly height: number;
  readonly isProgressive: boolean;
  readonly components: readonly JpegComponent[];
  readonly mcusAcross: number;
  readonly mcusDown: number;
  readonly maximumAcross: number;
  readonly maximumDown: number;
  /** By id 0 to 3, in zigzag order; the one that stood when the first scan began. */
  readonly quantisation: readonly (Uint16Array | undefined)[];
  /** Adobe's colour transform (APP14), or `undefined` without that segment. */
  readonly adobeTransform: number | undefined;
  readonly isJfif: boolean;
  readonly parts: readonly JpegPart[];
}

/** More scans than any encoder writes; each may cost a pass over the whole picture for a handful of bytes. */
export const MAXIMUM_SCANS = 100;

/** Segments outside scans; writers split large metadata at 64 KB, so this is 6 GB of it. */
const MAXIMUM_SEGMENTS = 100_000;

/**
 * Finds every segment and scan; nothing is decoded yet.
 * @param assertPixels throws where the picture is too large to be held.
 * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, or `NOTICE_UNSUPPORTED` for arithmetic, lossless, hierarchical and 12-bit JPEG.
 */
export const parseJpeg = (bytes: Uint8Array, assertPixels: (pixels: number) => void): JpegFrame => {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) {
    throw damaged('jpeg', 0, 'there is no start of image');
  }
  const parts: JpegPart[] = [{ kind: 'keep', start: 0, end: 2 }];
  const dcTables: (DecodingTable | undefined)[] = [];
  const acTables: (DecodingTable | undefined)[] = [];
  const quantisation: (Uint16Array | undefined)[] = [];
  let header: FrameHeader | undefined;
  let restartInterval = 0;
  let adobeTransform: number | undefined;
  let isJfif = false;
  let scans = 0;
  let position = 2;
  for (let count = 0; count < MAXIMUM_SEGMENTS; count += 1) {
    const start = position;
    if (bytes[position] !== 0xff) {
      throw damaged('jpeg', position, 'a marker is expected');
    }
    while (bytes[position] === 0xff) {
      position += 1;
    }
    const marker = bytes[position];
    position += 1;
    if (marker === 0xd9) {
      if (header === undefined || scans === 0) {
        throw damaged('jpeg/EOI', start, 'the picture ends before its first scan');
      }
      parts.push({ kind: 'keep', start, end: bytes.length });
      return { ...header, quantisation, adobeTransform, isJfif, parts };
    }
    if (marker === 0x01 || (marker !== undefined && marker >= 0xd0 && marker <= 0xd7)) {
      // TEM and restart markers have no length (table B.1).
      parts.push({ kind: 'keep', start, end: position });
      continue;
    }
    const length = ((bytes[position] ?? 0) << 8) | (bytes[position + 1] ?? 0);
    const end = position + length;
    if (marker === undefined || length < 2 || end > bytes.length) {
      throw damaged('jpeg', start, 'the file ends inside a segment, or before its end of image');
    }
    const payload = bytes.subarray(position + 2, end);
    position = end;
    if (marker === 0xda) {
      if (header === undefined) {
        throw damaged('jpeg/SOS', start, 'a scan stands before its frame');
      }
      scans += 1;
      if (scans > MAXIMUM_SCANS) {
        throw new LabelError('LIMIT_EXCEEDED', `The JPEG has more than ${MAXIMUM_SCANS} scans. Export it again from its source.`, {
          data: { limitScans: MAXIMUM_SCANS },
        });
      }
      position = entropyEnd(bytes, end);
      const scan = readScanHeader(payload, header, start);
      parts.push({ kind: 'keep', start, end });
      parts.push({
        kind: 'scan',
        start: end,
        scan: { ...scan, restartInterval, dcTables: [...dcTables], acTables: [...acTables], entropyStart: end, entropyEnd: position },
      });
      continue;
    }
    parts.push({ kind: marker === 0xc4 ? 'tables' : 'keep', start, end });
    if (marker === 0xc4) {
      readHuffman(payload, start, dcTables, acTables);
    } else if (marker === 0xdb && scans === 0) {
      readQuantisation(payload, start, quantisation);
    } else if (marker === 0xdd) {
      restartInterval = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);
    } else if (marker === 0xc0 || marker === 0xc1 || marker === 0xc2) {
      if (header !== undefined) {
        throw damaged('jpeg/SOF', start, 'there are two frames');
      }
      header = readFrameHeader(payload, start, marker === 0xc2, bytes.length, assertPixels);
    } else if (marker >= 0xc3 && marker <= 0xcf) {
      throw new LabelError(
        'NOTICE_UNSUPPORTED',
        'This JPEG is arithmetic-coded, lossless or hierarchical, which is not redrawn. Save it as ordinary JPEG first.',
        {
          data: { marker },
        },
      );
    } else if (marker === 0xee && payload.length >= 12 && String.fromCharCode(...payload.subarray(0, 5)) === 'Adobe') {
      adobeTransform = payload[11] ?? 0;
    } else if (marker === 0xe0 && String.fromCharCode(...payload.subarray(0, 5)) === 'JFIF\0') {
      isJfif = true;
    }
  }
  throw new LabelError('LIMIT_EXCEEDED', `The JPEG has more than ${MAXIMUM_SEGMENTS} segments.`, { data: { limitSegments: MAXIMUM_SEGMENTS } });
};

type FrameHeader = Omit<JpegFrame, 'quantisation' | 'adobeTransform' | 'isJfif' | 'parts'>;

/** The first byte after entropy-coded data: a marker that is neither a stuffed zero nor a restart (B.1.1.5). */
const entropyEnd = (bytes: Uint8Array, start: number): number => {
  let position = start;
  for (;;) {
    position = bytes.indexOf(0xff, position);
    if (position < 0 || position + 1 >= bytes.length) {
      throw damaged('jpeg/scan', bytes.length, 'the file ends inside a scan');
    }
    const next = bytes[position + 1] ?? 0;
    if (next === 0xff) {
      position += 1;
    } else if (next === 0 || (next >= 0xd0 && next <= 0xd7)) {
      position += 2;
    } else {
      return position;
    }
  }
};

const readFrameHeader = (
  payload: Uint8Array,
  start: number,
  isProgressive: boolean,
  fileBytes: number,
  assertPixels: (pixels: number) => void,
): FrameHeader => {
  const height = ((payload[1] ?? 0) << 8) | (payload[2] ?? 0);
  const width = ((payload[3] ?? 0) << 8) | (payload[4] ?? 0);
  const count = payload[5] ?? 0;
  if (payload[0] !== 8) {
    throw new LabelError('NOTICE_UNSUPPORTED', `This JPEG has ${payload[0]} bits a sample; only 8 are redrawn. Save it as ordinary JPEG first.`, {
      data: { precision: payload[0] },
    });
  }
  if (height === 0) {
    throw new LabelError('NOTICE_UNSUPPORTED', 'This JPEG gives its height only after the picture (DNL). Save it again first.', {
      data: { feature: 'DNL' },
    });
  }
  if (width === 0 || (count !== 1 && count !== 3 && count !== 4) || payload.length < 6 + 3 * count) {
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
  const maximumAcross = Math.max(...factors.map(({ across }) => across));
  const maximumDown = Math.max(...factors.map(({ down }) => down));
  const mcusAcross = Math.ceil(width / (8 * maximumAcross));
  const mcusDown = Math.ceil(height / (8 * maximumDown));
  assertPixels(mcusAcross * maximumAcross * mcusDown * maximumDown * 64);
  const blocks = factors.reduce((total, { across, down }) => total + across * down, 0) * mcusAcross * mcusDown;
  // Every block costs at least one bit, its DC; a header that promises more than the file can hold allocates nothing.
  if (blocks > fileBytes * 8) {
    throw damaged('jpeg/SOF', start, `${blocks} blocks cannot stand in ${fileBytes} bytes`);
  }
  const components = factors.map((factor): JpegComponent => {
    let coefficients: Int16Array | undefined;
    return {
      ...factor,
      blocksAcross: Math.ceil(Math.ceil((width * factor.across) / maximumAcross) / 8),
      blocksDown: Math.ceil(Math.ceil((height * factor.down) / maximumDown) / 8),
      stride: mcusAcross * factor.across,
      get coefficients() {
        coefficients ??= new Int16Array(mcusAcross * factor.across * mcusDown * factor.down * 64);
        return coefficients;
      },
    };
  });
  return { width, height, isProgressive, components, mcusAcross, mcusDown, maximumAcross, maximumDown };
};

const readScanHeader = (
  payload: Uint8Array,
  frame: FrameHeader,
  start: number,
): Pick<JpegScan, 'components' | 'spectralStart' | 'spectralEnd' | 'approximationHigh' | 'approximationLow'> => {
  const count = payload[0] ?? 0;
  if (count < 1 || count > 4 || payload.length < 4 + 2 * count) {
    throw damaged('jpeg/SOS', start, `${count} components in a scan of ${payload.length} bytes`);
  }
  const components = Array.from({ length: count }, (_, index) => {
    const id = payload[1 + 2 * index];
    const component = frame.components.find((candidate) => candidate.id === id);
    const tables = payload[2 + 2 * index] ?? 0;
    if (component === undefined) {
      throw damaged('jpeg/SOS', start, `component ${id} is not in the frame`);
    }
    return { component, dcId: (tables >> 4) & 3, acId: tables & 3 };
  });
  const [first = 0, last = 0, approximation = 0] = payload.subarray(1 + 2 * count);
  if (!frame.isProgressive) {
    return { components, spectralStart: 0, spectralEnd: 63, approximationHigh: 0, approximationLow: 0 };
  }
  if (last > 63 || first > last || (first === 0 && last !== 0) || (first > 0 && count > 1) || (approximation & 15) > 13) {
    throw damaged('jpeg/SOS', start, `coefficients ${first} to ${last} cannot be one scan`);
  }
  return { components, spectralStart: first, spectralEnd: last, approximationHigh: approximation >> 4, approximationLow: approximation & 15 };
};

const readHuffman = (payload: Uint8Array, start: number, dc: (DecodingTable | undefined)[], ac: (DecodingTable | undefined)[]): void => {
  let position = 0;
  while (position < payload.length) {
    const kind = payload[position] ?? 0;
    const counts = payload.subarray(position + 1, position + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (counts.length < 16 || total > 256 || position + 17 + total > payload.length || kind >> 4 > 1 || (kind & 15) > 3) {
      throw damaged('jpeg/DHT', start, 'a Huffman table is cut short');
    }
    (kind >> 4 === 0 ? dc : ac)[kind & 15] = decodingTable(counts, payload.slice(position + 17, position + 17 + total), start);
    position += 17 + total;
  }
};

const readQuantisation = (payload: Uint8Array, start: number, tables: (Uint16Array | undefined)[]): void => {
  let position = 0;
  while (position < payload.length) {
    const kind = payload[position] ?? 0;
    const wide = kind >> 4 === 1;
    const end = position + 1 + (wide ? 128 : 64);
    if (kind >> 4 > 1 || (kind & 15) > 3 || end > payload.length) {
      throw damaged('jpeg/DQT', start, 'a quantisation table is cut short');
    }
    const from = position + 1;
    tables[kind & 15] = Uint16Array.from({ length: 64 }, (_, index) =>
      wide ? ((payload[from + 2 * index] ?? 0) << 8) | (payload[from + 2 * index + 1] ?? 0) : (payload[from + index] ?? 0),
    );
    position = end;
  }
};
