// Builders of small AVI files, and an own cutter of what must stay untouched; none of it uses the reader under test.
import { bytesOf, le32 } from './mp3-files.ts';
import { chunk, info, riff } from './wav-files.ts';

export const aviLabel = (json: string): Uint8Array => chunk('AIGC', bytesOf(json));
export const zeros = (length: number): Uint8Array => chunk('JUNK', new Uint8Array(length));
export const title: Uint8Array = chunk('INAM', bytesOf('odd'));

/** A stream header of one picture a second; the numbers do not matter to us. */
export const headers: Uint8Array = chunk(
  'LIST',
  bytesOf(
    'hdrl',
    chunk('avih', new Uint8Array(56)),
    chunk('LIST', bytesOf('strl', chunk('strh', new Uint8Array(56)), chunk('strf', new Uint8Array(40)))),
  ),
);
const frameBytes = Uint8Array.from({ length: 41 }, (_, index) => (index * 37 + 11) & 255);
export const movie: Uint8Array = chunk('LIST', bytesOf('movi', chunk('00dc', frameBytes)));
export const index: Uint8Array = chunk('idx1', bytesOf('00dc', le32(16), le32(4), le32(frameBytes.length)));

/** An AVI whose head, tail and further RIFFs hold what is given. */
export const aviFile = ({
  head = [],
  tail = [],
  parts = [],
  off = 0,
}: {
  readonly head?: readonly Uint8Array[];
  readonly tail?: readonly Uint8Array[];
  readonly parts?: readonly Uint8Array[];
  readonly off?: number;
} = {}): Uint8Array => bytesOf(riff([headers, ...head, movie, index, ...tail], { form: 'AVI ', off }), ...parts);

/** A further RIFF of OpenDML. */
export const aviPart: Uint8Array = riff([movie], { form: 'AVIX' });

export { info };

const u32 = (bytes: Uint8Array, at: number): number => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUInt32LE(at);
const idAt = (bytes: Uint8Array, at: number): string => Buffer.from(bytes.subarray(at, at + 4)).toString('latin1');

const childrenOf = (bytes: Uint8Array): readonly Uint8Array[] => {
  const children: Uint8Array[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const end = at + 8 + u32(bytes, at + 4);
    children.push(bytes.subarray(at, end));
    at = end + (end % 2);
  }
  return children;
};

/** Every chunk but ours, padding and packets of XMP, the facts of all lists together, and where the frames stand. */
export const foreignParts = (bytes: Uint8Array): unknown => {
  const parts: unknown[] = [];
  const facts: string[] = [];
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = u32(bytes, at + 4);
    const end = Math.min(at + 8 + size + (size % 2), bytes.length);
    const [id, type] = [idAt(bytes, at), idAt(bytes, at + 8)];
    const isOpaque = id === 'AIGC' || id === '_PMX' || (id === 'JUNK' && bytes.subarray(at + 8, end).every((byte) => byte === 0));
    if (id === 'LIST' && type === 'INFO') {
      facts.push(
        ...childrenOf(bytes.subarray(at + 12, end))
          .filter((child) => !['AIGC', 'JUNK'].includes(idAt(child, 0)))
          .map((child) => Buffer.from(child).toString('latin1')),
      );
    } else if (!isOpaque) {
      parts.push(type === 'movi' ? at : id, Buffer.from(bytes.subarray(at, end)).toString('latin1'));
    }
    at = end;
  }
  return [parts, facts];
};
