/** The signed digest of a file's content. */
export interface ContentDigest {
  /** The rule: `png-1`. */
  readonly method: string;
  /** SHA-256 of the list of parts (spec/record.md §3), 43 characters of base64url. */
  readonly hash: string;
  /** Hashes of short excerpts of what is perceived (spec/record.md §4), base64url; empty where there is too little. They tell an edited work from another one. */
  readonly excerpts: string;
}
