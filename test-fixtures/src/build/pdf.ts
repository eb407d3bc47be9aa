import { deflateSync } from 'node:zlib';

/** One revision of a PDF: objects, and a cross-reference section of either kind. Texts are Latin-1. */
export interface PdfRevisionParts {
  /** Everything between `obj` and `endobj`, by number. */
  readonly objects: Readonly<Record<number, string>>;
  /** What the trailer holds besides `/Size` and `/Prev`: `/Root 1 0 R`. */
  readonly trailer: string;
  readonly kind?: 'table' | 'stream';
  /** Objects that go into an object stream; with a table this makes a hybrid file. */
  readonly packed?: Readonly<Record<number, string>>;
  /** What `/Prev` says, instead of the truth. */
  readonly prev?: number;
  /** The number of the first stream that has to be made. */
  readonly size?: number;
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** The beginning of a file. */
export const header = (version = '1.7'): Uint8Array => latin1(`%PDF-${version}\n%\xe2\xe3\xcf\xd3\n`);

/** A stream object's body, packed with Flate. */
export const flate = (data: string | Uint8Array, entries = ''): string => {
  const packed = deflateSync(data);
  return `<<${entries}/Filter/FlateDecode/Length ${packed.length}>>\nstream\n${packed.toString('latin1')}\nendstream`;
};

/** A stream object's body, open. */
export const open = (data: string, entries = ''): string => `<<${entries}/Length ${data.length}>>\nstream\n${data}\nendstream`;

/** Puts a revision behind what is there, which may be a header alone. `base` is the offset of the header. */
export const revision = (before: Uint8Array, parts: PdfRevisionParts, base = 0): Uint8Array => {
  const { objects, trailer, kind = 'table', packed = {} } = parts;
  let bytes = Buffer.from(before);
  const previous = parts.prev ?? lastXref(before);
  const prev = previous === undefined ? '' : `/Prev ${previous}`;
  const rows = new Map<number, readonly [number, number, number]>();
  const put = (number: number, body: string): void => {
    rows.set(number, [1, bytes.length - base, 0]);
    bytes = Buffer.concat([bytes, latin1(`${number} 0 obj\n${body}\nendobj\n`)]);
  };
  for (const [number, body] of Object.entries(objects)) {
    put(Number(number), body);
  }
  let next = parts.size ?? Math.max(...[...Object.keys(objects), ...Object.keys(packed)].map(Number)) + 1;
  const hidden = new Map<number, readonly [number, number, number]>();
  if (Object.keys(packed).length > 0) {
    const bodies = Object.values(packed);
    const heads = Object.keys(packed).map((number, index) => `${number} ${bodies.slice(0, index).join(' ').length + (index > 0 ? 1 : 0)}`);
    const head = `${heads.join(' ')} `;
    const stream = next;
    put(stream, flate(latin1(head + bodies.join(' ')), `/Type/ObjStm/N ${bodies.length}/First ${head.length}`));
    next += 1;
    Object.keys(packed).forEach((number, index) => {
      hidden.set(Number(number), [2, stream, index]);
    });
  }
  const xrefStream = (entries: ReadonlyMap<number, readonly [number, number, number]>, extra: string): number => {
    const at = bytes.length - base;
    const all = [...entries, [next, [1, at, 0]] as const].sort(([a], [b]) => a - b);
    const data = Buffer.concat(
      all.map(([, [type, second, third]]) => Buffer.from([type, (second >> 16) & 0xff, (second >> 8) & 0xff, second & 0xff, third])),
    );
    const index = all.map(([number]) => `${number} 1`).join(' ');
    put(next, flate(data, `/Type/XRef/Size ${next + 1}/W[1 3 1]/Index[${index}]${extra}`));
    return at;
  };
  if (kind === 'stream') {
    const at = xrefStream(new Map([...rows, ...hidden]), trailer + prev);
    return Buffer.concat([bytes, latin1(`startxref\n${at}\n%%EOF\n`)]);
  }
  const hybrid = hidden.size === 0 ? '' : `/XRefStm ${xrefStream(hidden, '')}`;
  const at = bytes.length - base;
  const sections = [...rows].map(([number, [, offset]]) => `${number} 1\n${String(offset).padStart(10, '0')} 00000 n \n`);
  const first = previous === undefined ? '0 1\n0000000000 65535 f \n' : '';
  return Buffer.concat([
    bytes,
    latin1(`xref\n${first}${sections.join('')}trailer\n<<${trailer}${hybrid}/Size ${next + 1}${prev}>>\nstartxref\n${at}\n%%EOF\n`),
  ]);
};

const lastXref = (bytes: Uint8Array): number | undefined => {
  const text = Buffer.from(bytes).toString('latin1');
  const found = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(text);
  return found === null ? undefined : Number(found[1]);
};

/** The objects of a page with nothing on it: catalog 1, pages 2, page 3. */
export const page = (catalog = ''): Record<number, string> => ({
  1: `<</Type/Catalog/Pages 2 0 R${catalog}>>`,
  2: '<</Type/Pages/Kids[3 0 R]/Count 1>>',
  3: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>',
});
