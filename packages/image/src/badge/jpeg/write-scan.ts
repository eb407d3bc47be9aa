/** Huffman coding of one scan from coefficients, in the very layout it had (ITU-T T.81 F.1 and G.1), with the best tables for it. */
import { LabelError } from '@aigc-label/core';
import { type EncodingTable, optimalTable } from './huffman.ts';
import type { JpegFrame, JpegScan } from './jpeg-frame.ts';
import { forEachBlock } from './read-scan.ts';

/** What a coder of blocks writes to: first a counter of symbols, then the real thing. */
export interface CodeSink {
  /** `table` is 0 to 3 for DC, 4 to 7 for AC. */
  symbol(table: number, symbol: number): void;
  /** The lowest `count` bits of `value`, 0 to 16. */
  bits(value: number, count: number): void;
}

interface Sink extends CodeSink {
  restart(index: number): void;
}

/** The new Huffman tables as DHT segments, to stand before the scan's SOS, and its entropy-coded bytes. */
export interface WrittenScan {
  readonly tables: Uint8Array;
  readonly entropy: Uint8Array;
}

/** Codes a scan in two passes: counting, then writing. */
export const writeScan = (frame: JpegFrame, scan: JpegScan): WrittenScan => {
  const counts = Array.from({ length: 8 }, () => new Uint32Array(256));
  codeScan(frame, scan, {
    symbol: (table, symbol) => {
      const row = counts[table];
      if (row !== undefined) {
        row[symbol] = (row[symbol] ?? 0) + 1;
      }
    },
    bits: () => {},
    restart: () => {},
  });
  const tables = counts.map((row) => (row.some((count) => count > 0) ? optimalTable(row) : undefined));
  const writer = new BitWriter(scan.entropyEnd - scan.entropyStart, tables);
  codeScan(frame, scan, writer);
  return { tables: huffmanSegments(tables), entropy: writer.finish() };
};

/** Tables as DHT segments; `tables` is indexed as `CodeSink.symbol` is. */
export const huffmanSegments = (tables: readonly (EncodingTable | undefined)[]): Uint8Array => {
  const bytes: number[] = [];
  tables.forEach((table, index) => {
    if (table !== undefined) {
      const length = 19 + table.symbols.length;
      bytes.push(0xff, 0xc4, length >> 8, length & 0xff, ((index >> 2) << 4) | (index & 3), ...table.counts, ...table.symbols);
    }
  });
  return Uint8Array.from(bytes);
};

class BitWriter implements Sink {
  readonly #tables: readonly (EncodingTable | undefined)[];
  #bytes: Uint8Array;
  #length = 0;
  #bits = 0;
  #count = 0;

  constructor(expectedBytes: number, tables: readonly (EncodingTable | undefined)[]) {
    this.#bytes = new Uint8Array(expectedBytes + 65_536);
    this.#tables = tables;
  }

  symbol(table: number, symbol: number): void {
    const coding = this.#tables[table];
    this.bits(coding?.codes[symbol] ?? 0, coding?.lengths[symbol] ?? 0);
  }

  bits(value: number, count: number): void {
    // At most 7 bits wait, so 16 more always fit into 32.
    this.#bits = (this.#bits << count) | (value & ((1 << count) - 1));
    this.#count += count;
    while (this.#count >= 8) {
      this.#count -= 8;
      this.#byte((this.#bits >>> this.#count) & 0xff);
    }
  }

  restart(index: number): void {
    this.#align();
    this.#reserve();
    this.#bytes[this.#length] = 0xff;
    this.#bytes[this.#length + 1] = 0xd0 + (index & 7);
    this.#length += 2;
  }

  finish(): Uint8Array {
    this.#align();
    return this.#bytes.subarray(0, this.#length);
  }

  /** Fills the last byte with ones (F.1.2.3). */
  #align(): void {
    if (this.#count > 0) {
      this.bits(0x7f, 8 - this.#count);
    }
  }

  #byte(value: number): void {
    this.#reserve();
    this.#bytes[this.#length] = value;
    this.#length += 1;
    if (value === 0xff) {
      this.#bytes[this.#length] = 0;
      this.#length += 1;
    }
  }

  #reserve(): void {
    if (this.#length + 2 > this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
  }
}

const codeScan = (frame: JpegFrame, scan: JpegScan, sink: Sink): void => {
  const predictions = new Int32Array(scan.components.length);
  const low = scan.approximationLow;
  const isDc = frame.isProgressive && scan.spectralStart === 0;
  const band = frame.isProgressive && !isDc ? new BandCoder(scan, sink) : undefined;
  forEachBlock(
    frame,
    scan,
    ({ coefficients }, at, index) => {
      const tables = scan.components[index];
      if (band !== undefined) {
        band.block(coefficients, at);
      } else if (isDc && scan.approximationHigh > 0) {
        sink.bits((coefficients[at] ?? 0) >> low, 1);
      } else {
        const value = (coefficients[at] ?? 0) >> low;
        writeSized(sink, tables?.dcId ?? 0, 0, value - (predictions[index] ?? 0));
        predictions[index] = value;
        if (!isDc) {
          writeSequentialAc(sink, 4 + (tables?.acId ?? 0), coefficients, at);
        }
      }
    },
    (index) => {
      band?.flush();
      sink.restart(index);
      predictions.fill(0);
    },
  );
  band?.flush();
};

/** A run of zeros with the size of what follows, then its bits: negative numbers as their complement of ones (F.1.2.1). */
export const writeSized = (sink: CodeSink, table: number, run: number, value: number): void => {
  const size = 32 - Math.clz32(Math.abs(value));
  if (size > 15) {
    throw new LabelError('FILE_DAMAGED', 'The JPEG holds coefficients beyond what its format can carry. Export it again from its source.', {
      data: { value },
    });
  }
  sink.symbol(table, (run << 4) | size);
  sink.bits(value < 0 ? value - 1 : value, size);
};

/** The AC coefficients of one block of a sequential scan (F.1.2.2). */
export const writeSequentialAc = (sink: CodeSink, table: number, coefficients: Int16Array, at: number): void => {
  let run = 0;
  for (let k = 1; k < 64; k += 1) {
    const value = coefficients[at + k] ?? 0;
    if (value === 0) {
      run += 1;
      continue;
    }
    for (; run > 15; run -= 16) {
      sink.symbol(table, 0xf0);
    }
    writeSized(sink, table, run, value);
    run = 0;
  }
  if (run > 0) {
    sink.symbol(table, 0);
  }
};

/** Correction bits that may wait for their end-of-band run; any bound below the longest run is allowed, and this keeps memory small. */
const MAXIMUM_WAITING_BITS = 900;

/** Codes a band of AC coefficients, first pass or refinement (G.1.2.2, G.1.2.3). */
export class BandCoder {
  readonly #scan: JpegScan;
  readonly #sink: CodeSink;
  readonly #table: number;
  #endOfBandRun = 0;
  /** Correction bits of blocks inside the run. */
  #waiting: number[] = [];

  constructor(scan: JpegScan, sink: CodeSink) {
    this.#scan = scan;
    this.#sink = sink;
    this.#table = 4 + (scan.components[0]?.acId ?? 0);
  }

  block(coefficients: Int16Array, at: number): void {
    const { spectralStart, spectralEnd, approximationLow, approximationHigh } = this.#scan;
    const refines = approximationHigh > 0;
    let lastNew = 0;
    if (refines) {
      for (let k = spectralEnd; k >= spectralStart; k -= 1) {
        if (Math.abs(coefficients[at + k] ?? 0) >> approximationLow === 1) {
          lastNew = k;
          break;
        }
      }
    }
    let run = 0;
    let corrections: number[] = [];
    for (let k = spectralStart; k <= spectralEnd; k += 1) {
      const value = coefficients[at + k] ?? 0;
      const size = Math.abs(value) >> approximationLow;
      if (size === 0) {
        run += 1;
        continue;
      }
      for (; run > 15 && (!refines || k <= lastNew); run -= 16) {
        this.flush();
        this.#sink.symbol(this.#table, 0xf0);
        corrections = this.#write(corrections);
      }
      if (refines && size > 1) {
        corrections.push(size & 1);
        continue;
      }
      this.flush();
      if (refines) {
        this.#sink.symbol(this.#table, (run << 4) | 1);
        this.#sink.bits(value < 0 ? 0 : 1, 1);
        corrections = this.#write(corrections);
      } else {
        writeSized(this.#sink, this.#table, run, value < 0 ? -size : size);
      }
      run = 0;
    }
    if (run > 0 || corrections.length > 0) {
      this.#endOfBandRun += 1;
      this.#waiting.push(...corrections);
      if (this.#endOfBandRun === 0x7fff || this.#waiting.length > MAXIMUM_WAITING_BITS) {
        this.flush();
      }
    }
  }

  /** Says that `blocks` blocks, 1 to 32,767, have nothing more in this band. */
  endOfBand(blocks: number): void {
    this.#endOfBandRun = blocks;
    this.flush();
  }

  /** Writes the run of blocks that have nothing more in this band. */
  flush(): void {
    if (this.#endOfBandRun === 0) {
      return;
    }
    const size = 31 - Math.clz32(this.#endOfBandRun);
    this.#sink.symbol(this.#table, size << 4);
    this.#sink.bits(this.#endOfBandRun, size);
    this.#endOfBandRun = 0;
    this.#waiting = this.#write(this.#waiting);
  }

  #write(bits: readonly number[]): number[] {
    for (const bit of bits) {
      this.#sink.bits(bit, 1);
    }
    return [];
  }
}
