export * from './exit-codes.ts';
export * from './main.ts';
