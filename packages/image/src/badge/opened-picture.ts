/** A file with its badge. */
export interface DrawnPicture {
  readonly bytes: Uint8Array;
  /** The least contrast of the text over what lies beneath (WCAG 2.2 §1.4.3). */
  readonly contrast: number;
  /** Whether all pixels beside the plate are bit for bit what they were. */
  readonly isRestKept: boolean;
}

/** A picture that was read for one badge: both questions about it are answered from one decoding. */
export interface OpenedPicture {
  /** Whether this badge stands there, in the first and the last frame. Lossy coding down to JPEG quality 60 and scaling of brightness do not disturb it. */
  stands(): Promise<boolean>;
  /** The file with its badge; can be asked once. @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `NOTICE_UNSUPPORTED`. */
  draw(): Promise<DrawnPicture>;
}
