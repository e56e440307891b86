/** Runs before the suite: builds the renderer where a source is newer than the build. */
import { ensureRenderer } from '../core/server/renderer-build.ts'

export default async (): Promise<void> => {
  await ensureRenderer()
}
