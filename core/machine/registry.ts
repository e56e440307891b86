/** Models by name: the draft model that ships with the studio, and those that a user has added. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { z } from 'zod'
import { SAMPLERS } from '../contract/vocabulary.ts'
import { fault } from '../faults/fault.ts'
import { writeDurably } from '../files/durable.ts'
import { putAsideQuietly } from '../files/put-aside.ts'
import { SerialQueue } from '../files/serial-queue.ts'
import { DRAFT, draftFolder } from './draft-folder.ts'
import { FormerDraft } from './former-draft.ts'

/** manifest.json of a model folder: what the studio knows about a model beyond its networks. */
const manifestSchema = z.object({
  id: z.string(),
  name: z.string(),
  license: z.string(),
  /** Fields of the request that fit this model. */
  defaults: z
    .object({
      width: z.int(),
      height: z.int(),
      steps: z.int(),
      guidanceScale: z.number(),
      sampler: z.enum(SAMPLERS),
    })
    .partial()
    .default({}),
  /** Linear map from latents to RGB for previews: −1..1 = Σ latent · factors + bias. */
  latentPreview: z
    .object({
      factors: z.array(z.tuple([z.number(), z.number(), z.number()])),
      bias: z.tuple([z.number(), z.number(), z.number()]),
    })
    .nullable()
    .default(null),
})
export type Manifest = z.infer<typeof manifestSchema>

/** What an added path is: what paints, or a part that joins a model. */
export const PART_KINDS = ['model', 'controlnet', 'vae', 'lora', 'embedding'] as const
export type PartKind = (typeof PART_KINDS)[number]

export interface KnownModel {
  kind: PartKind
  id: string
  name: string
  /** A Hugging Face folder or a checkpoint, absolute. */
  path: string
  /** Ships with the studio. */
  builtIn: boolean
  /** Its files exist. */
  present: boolean
}

const addedSchema = z.array(
  z.object({ id: z.string(), path: z.string(), kind: z.enum(PART_KINDS).optional(), name: z.string().optional() }),
)

export class ModelRegistry {
  readonly #file: string
  /** What the draft model was before, for pictures that it made then; not in the list. */
  readonly former: FormerDraft
  readonly #changing = new SerialQueue()
  #repairing: Promise<z.infer<typeof addedSchema>> | null = null
  #damaged: string | null = null

  /** The list was damaged when it was read, and is kept under this name. */
  get damaged(): string | null {
    return this.#damaged
  }

  /** dataFolder: where the list of added models lies. */
  constructor(dataFolder: string) {
    this.#file = join(dataFolder, 'models.json')
    this.former = new FormerDraft(dataFolder)
  }

  /** The models that paint. */
  async list(): Promise<KnownModel[]> {
    return (await this.all()).filter(({ kind }) => kind === 'model')
  }

  /** Models and their parts. */
  async all(): Promise<KnownModel[]> {
    const added = await this.#added()
    const draft: KnownModel = {
      kind: 'model',
      id: DRAFT,
      name: 'Draft',
      path: draftFolder,
      builtIn: true,
      present: existsSync(join(draftFolder, 'model_index.json')),
    }
    return [
      draft,
      ...added.map(({ id, path, kind = 'model', name = basename(path) }) => ({
        ...{ kind, id, name, path },
        builtIn: false,
        present: existsSync(path),
      })),
    ]
  }

  /**
   * Adds a model or a part under a new id. The caller has opened it before, which proves that it is one.
   * @param as its kind, the id that it gets if that is free, and a name; default: a model named after its file
   */
  add(path: string, as: { kind?: PartKind; id?: string; name?: string } = {}): Promise<KnownModel> {
    return this.#changing.run(async () => {
      const absolute = resolve(path)
      const added = await this.#added()
      const known = added.find(model => model.path === absolute)
      const taken = [DRAFT, ...added.map(model => model.id)]
      const id = known?.id ?? freeId(as.id ?? basename(absolute).replace(/\.safetensors$/, ''), taken)
      const { kind = 'model', name } = as
      const entry = { id, path: absolute, ...(kind !== 'model' && { kind }), ...(name !== undefined && { name }) }
      if (!known) await this.#save([...added, entry])
      return { kind, id, name: name ?? basename(absolute), path: absolute, builtIn: false, present: true }
    })
  }

  /** Removes an added model from the list; its files stay. */
  remove(id: string): Promise<void> {
    return this.#changing.run(async () => {
      const added = await this.#added()
      if (!added.some(model => model.id === id)) throw fault('modelUnknown', { model: id })
      await this.#save(added.filter(model => model.id !== id))
    })
  }

  /** The path that a request's "model" means: a known name, a former draft ("draft@…"), or a path relative to base. */
  async resolve(model: string, base: string): Promise<string> {
    const known = (await this.all()).find(({ id }) => id === model)
    if (known?.present) return known.path
    const former = await this.former.hashNamed(model)
    if (former !== null) return (await this.former.folderOf(former))!
    const path = isAbsolute(model) ? model : resolve(base, model)
    if (existsSync(path)) return path
    if (known) {
      throw fault('modelGone', { model, path: known.path })
    }
    throw fault('modelUnknown', { model })
  }

  async #added(): Promise<z.infer<typeof addedSchema>> {
    const text = await readFile(this.#file, 'utf8').catch(() => '[]')
    const value = jsonOf(text)
    const whole = addedSchema.safeParse(value)
    if (whole.success) return whole.data
    return (this.#repairing ??= this.#repair(value).finally(() => (this.#repairing = null)))
  }

  /** Puts a damaged list aside; the entries that can be read are the new one. */
  async #repair(value: unknown): Promise<z.infer<typeof addedSchema>> {
    const entries = Array.isArray(value) ? value : []
    const saved = entries.flatMap(entry => addedSchema.element.safeParse(entry).data ?? [])
    const aside = putAsideQuietly(this.#file)
    if (aside === null) throw fault('modelListDamaged', { file: this.#file })
    this.#damaged = aside
    await this.#save(saved)
    return saved
  }

  async #save(models: z.infer<typeof addedSchema>): Promise<void> {
    await writeDurably(this.#file, `${JSON.stringify(models, null, 2)}\n`, dirname(this.#file), 0o600)
  }
}

/** manifest.json of a model folder, or null where there is none. */
export async function readManifest(path: string): Promise<Manifest | null> {
  const text = await readFile(join(path, 'manifest.json'), 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return manifestSchema.parse(JSON.parse(text))
  } catch (error) {
    throw fault('modelManifestDamaged', { file: join(path, 'manifest.json') }, { cause: error })
  }
}

/** undefined for what is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function freeId(wish: string, taken: string[]): string {
  let id = wish
  for (let i = 2; taken.includes(id); i++) id = `${wish}-${i}`
  return id
}
