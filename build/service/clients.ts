/** Unmodified JavaScript clients against a running service: node clients.ts PORT FOLDER. Fails at the first fault. */
import { ok } from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js'
import { generateImage } from 'ai'
import OpenAI from 'openai'

const [port, folder] = process.argv.slice(2)
const baseURL = `http://127.0.0.1:${port}/v1`
const size = '512x512'
const prompt = 'a poster that says "学习"'

const openai = new OpenAI({ baseURL, apiKey: 'k', maxRetries: 0 })
const { data } = await openai.images.generate({ model: 'draft', prompt, size, response_format: 'b64_json' })
await writeFile(join(folder, 'openai-javascript.png'), Buffer.from(data![0].b64_json!, 'base64'))
console.log('openai for JavaScript')

const zihua = createOpenAICompatible({ name: 'zihua', baseURL, apiKey: 'k' })
const { image } = await generateImage({ model: zihua.imageModel('draft/watercolor'), prompt, size })
await writeFile(join(folder, 'ai-sdk.png'), image.uint8Array)
console.log('ai with @ai-sdk/openai-compatible')

// An assistant starts the studio itself; its data folder is this command's own.
const mcp = new Client({ name: 'clients', version: '1' })
const args = [join(import.meta.dirname, '../../core/cli/cli.ts'), 'mcp']
const env = { ...process.env, ZIHUA_DATA: join(folder, 'mcp-data') } as Record<string, string>
await mcp.connect(new StdioClientTransport({ command: process.execPath, args, env }))
const asked = { word: '学习', style: 'watercolor', width: 512, height: 512, seed: 1 }
const call = { name: 'paint_word', arguments: asked }
const { content, isError } = CallToolResultSchema.parse(
  await mcp.callTool(call, CallToolResultSchema, { timeout: 600_000 }),
)
const painted = content.find(part => part.type === 'image')
ok(painted?.type === 'image' && !isError, JSON.stringify(content).slice(0, 500))
await writeFile(join(folder, 'mcp.png'), Buffer.from(painted.data, 'base64'))
await mcp.close()
console.log('MCP client of the SDK')
