declare module 'wawoff2' {
  /** WOFF2 bytes → the plain TrueType or OpenType bytes inside. Rejects what is not WOFF2. */
  export function decompress(bytes: Uint8Array): Promise<Uint8Array>
}
