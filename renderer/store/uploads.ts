/** Uploads lie under their hash, and the host shows them under it. null: a file that it does not hand out. */
export function urlOfUpload(path: string): string | null {
  const hash = /([0-9a-f]{64})\.png$/.exec(path)?.[1]
  return hash ? `/blobs/${hash}.png` : null
}
