import { describe, expect, it } from 'vitest';
import type { VideoTrack } from '../samples/sample-container.ts';
import { freeSetIds } from './parameter-set-id.ts';

/** An `avcC` with one sequence set (id 0) and one picture set of that id. */
const configuration = (pictureSet: number): Uint8Array =>
  Uint8Array.of(1, 100, 0, 30, 0xff, 0xe1, 0, 6, 0x67, 100, 0, 30, 0x80, 0, 1, 0, 3, 0x68, pictureSet, 0);
const track = (bytes: Uint8Array, codec: VideoTrack['codec'] = 'h264'): VideoTrack => ({
  codec,
  videoIndex: 0,
  width: 64,
  height: 64,
  rotation: 0,
  pixelAspect: 1,
  shownAt: new Float64Array(1),
  cuts: [0],
  configuration: bytes,
});

describe('freeSetIds', () => {
  it('gives ids that no set of the track has, highest first', () => {
    // 1 is id 0; 0000 0100 000 is id 31.
    expect(freeSetIds(track(configuration(0x80)))).toEqual(Array.from({ length: 31 }, (_, index) => 31 - index));
    expect(freeSetIds(track(configuration(0x04)))[0]).toBe(30);
  });

  it('gives none for other codecs and for what is cut', () => {
    expect(freeSetIds(track(configuration(0x80), 'hevc'))).toEqual([]);
    expect(freeSetIds(track(Uint8Array.of(1, 2, 3)))).toEqual([]);
  });
});
