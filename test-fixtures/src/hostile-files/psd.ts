import type { HostileFile } from './hostile-file.ts';

const text = (value: string): readonly number[] => [...value].map((character) => character.charCodeAt(0));
const u32 = (value: number): readonly number[] => [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
const header = [...text('8BPS'), 0, 1, 0, 0, 0, 0, 0, 0, 0, 3, ...u32(2), ...u32(2), 0, 8, 0, 3];
const file = (paletteLength: number, sectionLength: number, section: readonly number[]): Uint8Array =>
  Uint8Array.from([...header, ...u32(paletteLength), ...u32(sectionLength), ...section]);
const block = (size: number, data: readonly number[] = []): readonly number[] => [...text('8BIM'), 4, 0x24, 0, 0, ...u32(size), ...data];

/** Photoshop files that are made to do harm. */
export const psdHostile: readonly HostileFile[] = [
  { name: 'colour data of 4 GB', format: 'psd', bytes: () => file(0xffff_ffff, 0, []), integrity: ['malformed', 'unsupported'] },
  { name: 'resources of 4 GB', format: 'psd', bytes: () => file(0, 0xffff_ffff, block(0)), integrity: ['malformed', 'unsupported'] },
  { name: 'XMP of 4 GB', format: 'psd', bytes: () => file(0, 100, block(0xffff_ffff)), integrity: ['malformed', 'unsupported'] },
  {
    name: 'a million empty resources',
    format: 'psd',
    bytes: () => {
      const one = Uint8Array.from(block(0));
      const all = new Uint8Array(38 + 4 + one.length * 1_000_000);
      all.set(file(0, one.length * 1_000_000, []));
      for (let index = 0; index < 1_000_000; index += 1) {
        all.set(one, 34 + index * one.length);
      }
      return all;
    },
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'billion laughs in XMP',
    format: 'psd',
    bytes: () => {
      const laughs = text('<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x:xmpmeta xmlns:x="adobe:ns:meta/">&b;</x:xmpmeta> ');
      const padded = laughs.length % 2 === 0 ? laughs : [...laughs, 32];
      const section = block(padded.length, padded);
      return file(0, section.length, section);
    },
    integrity: ['malformed', 'unsupported'],
  },
];
