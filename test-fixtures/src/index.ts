export * as isobmff from './build/isobmff.ts';
export * from './corpus.ts';
export * from './fixture.ts';
export * from './hostile.ts';
export * from './judges.ts';
export * from './slot-text.ts';
export * from './test-format.ts';
export * from './xmp-judge.ts';
