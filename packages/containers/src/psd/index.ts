export * from './psd-resources.ts';
