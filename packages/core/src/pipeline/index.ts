export * from './choose-format.ts';
export * from './decide-label.ts';
export * from './inspect.ts';
export * from './label.ts';
export * from './verify.ts';
