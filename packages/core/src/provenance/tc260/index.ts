export { SM2_ORDER } from './curve.ts';
export { sm2Jwk } from './judge.ts';
export { signSm2, sm2PublicKey, verifySm2 } from './sm2.ts';
export * from './tc260-profile.ts';
