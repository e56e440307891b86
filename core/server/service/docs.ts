/** The page that shows the OpenAPI document: Scalar's viewer, from its package, with nothing from elsewhere. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** In the built renderer, for an installed studio, compressed; else in the package. */
export const VIEWER_FILE = 'scalar.js.gz'

export const DOCS_PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Zihua Studio: Writing Service</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"></head>
<body><div id="viewer"></div><script src="/docs/viewer.js"></script><script src="/docs/start.js"></script></body></html>`

export const DOCS_START = `Scalar.createApiReference('#viewer', {
  url: '/openapi.json', withDefaultFonts: false, telemetry: false, hideClientButton: true, showDeveloperTools: 'never', agent: { disabled: true }, mcp: { disabled: true },
})`

/** Path of the viewer's script; null where it was not installed. */
export function viewerFile(renderer: string): string | null {
  const built = join(renderer, VIEWER_FILE)
  if (existsSync(built)) return built
  try {
    const main = createRequire(import.meta.url).resolve('@scalar/api-reference')
    const file = join(dirname(main), 'browser/standalone.js')
    return existsSync(file) ? file : null
  } catch {
    return null
  }
}
