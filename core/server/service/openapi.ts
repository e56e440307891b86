/** The OpenAPI 3.1 document of the Writing Service, made from its contract. */
import { OpenAPIGenerator } from '@orpc/openapi'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import { z } from 'zod'
import { VERSION } from '../../files/version.ts'
import { serviceContract } from './contract/contract.ts'
import { PROBLEM_TYPE, problemSchema } from './problem.ts'

type Document = Awaited<ReturnType<OpenAPIGenerator['generate']>>

const ERRORS = { description: 'What happened and what to do (RFC 9457)' }

/** Their shapes are other programs' own. */
const OTHER_FAMILIES = `Two other families of addresses are not listed here. \`/v1/images/generations\`, \`/v1/images/edits\` and
\`/v1/models\` take what [OpenAI's images API](https://platform.openai.com/docs/api-reference/images) describes; \`/sdapi/v1\` and
\`/controlnet\` take what [AUTOMATIC1111's](https://github.com/AUTOMATIC1111/stable-diffusion-webui/wiki/API) and its ControlNet
extension do. A quoted part of their prompt is the word.`

export async function openApiDocument(): Promise<Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  const document = await generator.generate(serviceContract, {
    info: {
      title: 'Zihua Studio: Writing Service',
      version: VERSION,
      description: `A written word becomes a picture in which it can still be read.

${OTHER_FAMILIES}`,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    // Where the server was started without a token, none is needed.
    security: [{}, { token: [] }],
  })
  const { $schema: _, ...schema } = z.toJSONSchema(problemSchema)
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: schema as never },
  }
  const problem = { ...ERRORS, content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } } }
  for (const path of Object.values(document.paths ?? {}))
    for (const method of ['get', 'post', 'delete', 'put', 'patch'] as const) {
      const operation = path?.[method]
      if (operation) operation.responses = { ...operation.responses, default: problem }
    }
  sayLengths(document)
  return document
}

/**
 * A tuple takes exactly its items, which the generator leaves unsaid; one of equal items ([height, width]) is written as
 * a plain array, since many readers of OpenAPI do not know `prefixItems`.
 */
function sayLengths(node: unknown): void {
  if (typeof node !== 'object' || node === null) return
  const schema = node as Record<string, unknown>
  const { prefixItems: items } = schema
  if (Array.isArray(items) && schema['items'] === undefined) {
    const [first, ...others] = items.map(item => JSON.stringify(item))
    Object.assign(schema, { minItems: items.length, maxItems: items.length })
    if (others.every(other => other === first)) {
      delete schema['prefixItems']
      schema['items'] = items[0]
    }
  }
  for (const value of Object.values(schema)) sayLengths(value)
}
