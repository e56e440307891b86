/** `npm run dev`: the browser host with hot reload. The renderer comes from its sources, through the same gate. */
import { createServer } from 'node:http'
import { resolve } from 'node:path'
import { createServer as createVite } from 'vite'
import { openBrowserHost } from '../core/server/browser-host.ts'
import { DEVELOPMENT_POLICY } from '../core/server/headers.ts'
import { toldToStop } from '../core/server/told-to-stop.ts'

const server = createServer()
const vite = await createVite({
  configFile: resolve(import.meta.dirname, '../renderer/vite.config.ts'),
  // Its web socket shares our port, so that the page needs no other origin.
  server: { middlewareMode: true, ws: { server } },
  appType: 'spa',
})
const { served, close } = await openBrowserHost({
  server,
  policy: DEVELOPMENT_POLICY,
  anyPort: true,
  middleware: (request, response, next) => vite.middlewares(request, response, next),
})
const told = toldToStop()
console.log(`Zihua Studio: ${served.invite()}  (hot reload)`)
await told
await vite.close()
await close()
