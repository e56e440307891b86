/** The URL of an uploaded picture, which is named by its hash; null for any other file, which the host does not serve. */
export function urlOfUpload(path: string): string | null {
  const hash = /(?<![0-9a-f])([0-9a-f]{64})\.png$/.exec(path)?.[1]
  return hash ? `/blobs/${hash}.png` : null
}
