export * from './channel-weights.ts';
export * from './loudness-meter.ts';
export * from './matched-gain.ts';
export * from './true-peak.ts';
