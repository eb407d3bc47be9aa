import { utf8 } from '@aigc-label/core';
import { testFormat } from '../test-format.ts';
import { poem } from './poem.ts';

/** Everything but our line. */
const untouched = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).replace(/^AIGC: .*\n/m, '');

testFormat({
  format: poem,
  hasEnd: false,
  fixtures: [
    { name: 'a plain poem', bytes: utf8('POEM/1\nauthor: Li Bai\n\n床前明月光\n'), untouched },
    { name: 'a head without lines', bytes: utf8('POEM/1\n\n'), untouched },
  ],
});
