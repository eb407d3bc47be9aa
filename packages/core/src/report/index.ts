export * from './evidence.ts';
export * from './fold.ts';
export * from './provenance.ts';
export * from './report.ts';
export * from './sarif.ts';
export * from './signed-integrity.ts';
export * from './verdict.ts';
