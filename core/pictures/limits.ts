/** What a picture may be at most, whoever sends it; each is far above every picture that is drawn or photographed. */
export const PICTURE_LIMITS = {
  /** Of the file: an uncompressed TIFF of 64 megapixels has 256 MB. */
  bytes: 256 << 20,
  /** Beyond these a picture is no drawing of a word, and decoding it would take gigabytes. */
  side: 20_000,
  pixels: 100_000_000,
  /** An encoder that writes IDATs of 8 kB needs 50,000 chunks for 400 MB. */
  chunks: 65_536,
  /** Bytes of all texts in a PNG, as they lie in the file; a ComfyUI workflow has some hundred kB. */
  textBytes: 32 << 20,
  /** A colour profile, unpacked; the largest in use, of printing presses, have 3 MB. */
  profileBytes: 8 << 20,
} as const

/** Reading and decoding; 100 megapixels take 3 s on one slow core. */
export const DEADLINE_MS = 20_000
