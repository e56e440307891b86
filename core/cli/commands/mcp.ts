import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { StudioHost } from '../../host/studio-host.ts'
import { createMcpServer } from '../../server/mcp.ts'
import { toldToStop } from '../../server/told-to-stop.ts'
import { parse } from './arguments.ts'

/** zihua mcp: the studio as tools for an assistant, over stdin and stdout, until the assistant closes them. */
export async function run(args: string[]): Promise<void> {
  parse(args, {}, { min: 0, max: 0 })
  await using host = await StudioHost.open({ firstPicture: false })
  const server = createMcpServer(host)
  // The transport does not notice the end of its input by itself.
  const closed = new Promise<void>(done => process.stdin.once('end', done).once('close', done))
  const told = toldToStop()
  await server.connect(new StdioServerTransport())
  await Promise.race([closed, told])
  await server.close()
}
