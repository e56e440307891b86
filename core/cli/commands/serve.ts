import { openBrowserHost, toldToStop } from '../../server/browser-host.ts'
import { ensureRenderer } from '../../server/renderer-build.ts'
import { DEFAULT_PORT } from '../../server/serve.ts'
import { number, parse, UsageError } from './arguments.ts'

const OPTIONS = { port: { type: 'string' }, host: { type: 'string' }, json: { type: 'boolean' } } as const

/** zihua serve [--port 8600] [--host 127.0.0.1]: the studio for a browser, until Ctrl+C. */
export async function run(args: string[]): Promise<void> {
  const { values } = parse(args, OPTIONS, { min: 0, max: 0 })
  const port = number('port', values.port) ?? DEFAULT_PORT
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new UsageError('--port takes 0 to 65535.')
  await ensureRenderer()
  const { served, close } = await openBrowserHost({ port, ...(values.host !== undefined && { address: values.host }) })
  const url = served.invite()
  console.log(values.json ? JSON.stringify({ url, port: served.port }) : `Zihua Studio: ${url}`)
  await toldToStop()
  await close()
}
