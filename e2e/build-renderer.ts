/** Runs before the suite: the page that the browser host serves is built, where a source is newer. */
import { ensureRenderer } from '../core/server/renderer-build.ts'

export default async (): Promise<void> => {
  await ensureRenderer()
}
