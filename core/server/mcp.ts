/** What an assistant of a designer needs, as MCP tools over an open studio: paint a word, see its maps, look it up, make a set. */
import { readFile } from 'node:fs/promises'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import { requestInputSchema } from '../contract/request.ts'
import { DEFAULT_STYLE, LIMITS, MAPS } from '../contract/vocabulary.ts'
import { reportOf } from '../faults/fault.ts'
import { VERSION } from '../files/version.ts'
import type { StudioHost } from '../host/studio-host.ts'
import { lookUp } from '../prompt/dictionary.ts'
import { mapsOfWord, paint, type ServiceParts } from './service/generate.ts'
import { type Hints, hintFor } from './service/hints.ts'
import { OwnRequests } from './service/own-request.ts'
import { viewOf } from './service/views.ts'

const side = z.number().int().min(64).max(2048)
const word = z.string().min(1).max(LIMITS.word).describe('The word to write, in any script')
const style = z.string().max(100).optional().describe('Id of a style; list_styles names them')

const composition = requestInputSchema.shape.composition.describe(
  'Blocks on the canvas in place of the word alone, the last on top: words (text null is the word itself), emoji or SVG paths as motifs, drawn strokes; x and y are shares of the canvas, 0.5 is the middle',
)

/** @param host what the tools act on; it outlives the server */
export function createMcpServer(host: StudioHost): McpServer {
  const server = new McpServer({ name: 'zihua-studio', version: VERSION })
  const parts: ServiceParts = { host, own: new OwnRequests(host) }

  server.registerTool(
    'paint_word',
    {
      title: 'Paint a word',
      description:
        'Makes a picture in which the word can be read, and keeps it in the library. Takes seconds to minutes.',
      inputSchema: {
        word,
        translation: z.string().max(1000).optional().describe('What it means, in English: the picture shows it'),
        composition,
        style,
        model: z.string().max(500).optional().describe('Id of a model'),
        width: side.optional(),
        height: side.optional(),
        steps: z.number().int().min(1).max(150).optional(),
        seed: z.number().int().min(0).optional(),
      },
    },
    (input, { signal, requestId }) =>
      answered(async () => {
        const { pictures } = await paint(parts, given(input), { requestId: `mcp-${requestId}`, signal })
        const [{ id, seed, legibility, record }] = pictures
        const png = await readFile(host.library.pathOf(id))
        return [text({ id, seed, legibility, prompt: record?.prompt }), image(png.toString('base64'))]
      }),
  )
  server.registerTool(
    'draw_maps',
    {
      title: 'Draw conditioning maps',
      description: 'The four maps of the written word that steer a picture: canny, depth, segmentation, scribble.',
      inputSchema: { word, composition, style, width: side.default(512), height: side.default(512) },
    },
    (input, { signal }) =>
      answered(async () => {
        const { composition: blocks = null } = await parts.own.request({ composition: input.composition ?? null })
        const asked = { ...input, composition: blocks, style: input.style ?? DEFAULT_STYLE, seed: 1, layout: {} }
        const maps = await mapsOfWord(host, asked, signal)
        return MAPS.flatMap(map =>
          Object.entries(maps[map] ?? {}).flatMap(([method, png]) => [text({ map, method }), image(png)]),
        )
      }),
  )
  server.registerTool(
    'look_up_word',
    { title: 'Look up a Chinese word', description: 'Reading and meaning, from CC-CEDICT.', inputSchema: { word } },
    input => answered(async () => [text(await lookUp(input.word))]),
  )
  server.registerTool(
    'list_styles',
    { title: 'List styles', description: 'Ids and names of the styles that pictures can have.', inputSchema: {} },
    () =>
      answered(async () => {
        const { styles } = await host.studio.styles.list()
        return [text(styles.map(({ style: { id, name } }) => ({ id, name: name.en })))]
      }),
  )
  server.registerTool(
    'start_set',
    {
      title: 'Start an image set',
      description: 'Queues a picture for each word and style. Watch it with watch_set.',
      inputSchema: {
        name: z.string().min(1).max(120),
        words: z
          .array(z.object({ word, translation: z.string().max(1000).optional() }))
          .min(1)
          .max(1000),
        styles: z.array(z.string().max(100)).max(20).default([]),
        width: side.optional(),
        height: side.optional(),
        steps: z.number().int().min(1).max(150).optional(),
      },
    },
    ({ name, words, styles, ...request }) =>
      answered(async () => {
        const set = await parts.own.set({ name, words: words.map(given), styles, request: given(request) })
        return [
          text(
            viewOf(
              host,
              host.queue.get(await host.orders.startSet(set, undefined, { mostWaiting: parts.own.limits.queue }))!,
            ),
          ),
        ]
      }),
  )
  server.registerTool(
    'watch_set',
    {
      title: 'Watch an image set',
      description: 'How far a set is, what is made, and what has failed.',
      inputSchema: { id: z.string().min(1).max(100).describe('As start_set has answered') },
    },
    ({ id }) =>
      answered(async () => {
        const { total, made, failures, folder } = await host.sets.view(id)
        return [text({ ...viewOf(host, host.queue.get(id)!), folder, total, made, failures })]
      }),
  )
  return server
}

type Content = CallToolResult['content']

/** An assistant has neither the studio's screen nor its command line. */
const HINTS: Hints = {
  noSuchSet: 'start_set answers with the id of its set.',
  modelUnknown: 'Leave the model out: the studio paints with the one that it is set to.',
  fieldWrong: 'Correct that field.',
}

/** An error is an answer that the assistant reads: what happened and what to do. */
async function answered(make: () => Promise<Content>): Promise<CallToolResult> {
  try {
    return { content: await make() }
  } catch (error) {
    const report = reportOf(error)
    return { isError: true, content: [{ type: 'text', text: `${report.message} ${hintFor(report, HINTS)}` }] }
  }
}

const text = (value: unknown) => ({ type: 'text' as const, text: JSON.stringify(value) })
const image = (data: string) => ({ type: 'image' as const, mimeType: 'image/png', data })

/** Without what is undefined, so that the defaults of model and style apply. */
const given = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
