export * from './crc16.ts';
export * from './mpeg-audio-frame.ts';
export * from './silent-frame.ts';
export * from './vbri.ts';
export * from './xing.ts';
