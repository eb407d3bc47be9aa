/** How a record can be signed: RFC 9864 `Ed25519`, RFC 7518 `ES256`; `SM2` with SM3 (GB/T 32918) for the profile `tc260` alone. */
export type SignatureAlgorithm = 'Ed25519' | 'ES256' | 'SM2';

/**
 * Whoever holds a private key: a file, a KMS, an HSM, a signing service. One method, so that any of them fits (docs/signing.md); the private key itself is never seen.
 */
export interface Signer {
  /** The RFC 7638 thumbprint of the public key, base64url: what a verifier looks up. */
  readonly keyId: string;
  readonly algorithm: SignatureAlgorithm;
  /** For `SM2` alone: the public key, `04`, x and y, 65 bytes, which the profile writes beside the signature. */
  readonly publicKey?: Uint8Array;
  /** The public key as a JWK. Where it is given, every signature is checked before it is used, so that a service that signs wrongly spoils no file. */
  readonly publicJwk?: Readonly<Record<string, string>>;
  /**
   * The signature of `data`: 64 bytes, for `ES256` and `SM2` r and s of 32 bytes each (not DER).
   * What it throws is thrown on, as the cause of `SIGNING_FAILED`.
   */
  sign(data: Uint8Array): Promise<Uint8Array>;
}
