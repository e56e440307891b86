/**
 * Former weights of the draft model, so that a picture which they made can be made again, pixel for pixel. The model folder
 * keeps only the files that have changed since, in former/ under their hash; a whole former model is put together in the data
 * folder when it is first asked for.
 */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { z } from 'zod'
import { fault } from '../faults/fault.ts'
import { cannotWrite, makeFolder } from '../files/durable.ts'
import { sha256 as hashOf } from '../files/hashes.ts'
import { SerialQueue } from '../files/serial-queue.ts'
import { DRAFT, draftFolder } from './draft-folder.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
/** A file of a folder, or of a folder in it: nothing that climbs out. */
const name = z.string().regex(/^(?:[\w-]+\/)?[\w-]+\.[a-z]+$/)

/** former/index.json, the newest first. */
const indexSchema = z.array(
  z.object({
    /** Of the folder as records name it: HashedTree in core/files/hashes.ts. */
    sha256: hash,
    /** Day of the last release with it. */
    until: z.iso.date(),
    /** Every file of the model, its ControlNet and manifest with it, and their hashes. */
    files: z.record(name, hash),
  }),
)
type Former = z.infer<typeof indexSchema>[number]

/** Digits of the hash in a request's "model": draft@ed77768fdd73. */
const DIGITS = 12

/** How a request names a former draft model. */
export const formerName = (sha256: string): string => `${DRAFT}@${sha256.slice(0, DIGITS)}`

export class FormerDraft {
  readonly #source: string
  readonly #folder: string
  readonly #building = new SerialQueue()
  #index: Promise<readonly Former[]> | null = null

  /** @param source the present draft model's folder */
  constructor(dataFolder: string, source: string = draftFolder) {
    this.#source = source
    this.#folder = join(dataFolder, 'former-draft')
  }

  /** Hashes of all former models, the newest first. */
  async hashes(): Promise<string[]> {
    return (await this.#all()).map(({ sha256 }) => sha256)
  }

  /** The hash behind "draft@…"; null for any other name, and for one that was never a draft model's. */
  async hashNamed(model: string): Promise<string | null> {
    return (await this.hashes()).find(sha256 => formerName(sha256) === model) ?? null
  }

  /**
   * Where a former model lies, whole.
   * @returns null for a hash that no former model has
   * @throws StudioError 'bad-weights' where a file of the installation is damaged; 'cannot-write'
   */
  async folderOf(sha256: string): Promise<string | null> {
    const former = (await this.#all()).find(one => one.sha256 === sha256)
    if (!former) return null
    const folder = join(this.#folder, sha256.slice(0, DIGITS))
    // Renamed into place once it was whole.
    if (!existsSync(folder)) await this.#building.run(() => this.#build(former, folder))
    return folder
  }

  #all(): Promise<readonly Former[]> {
    return (this.#index ??= readIndex(join(this.#source, 'former', 'index.json')))
  }

  async #build({ files }: Former, folder: string): Promise<void> {
    if (existsSync(folder)) return
    const part = await makeFolder(this.#folder)
      .then(() => mkdtemp(`${folder}.part-`))
      .catch(cause => {
        throw cannotWrite(folder, cause)
      })
    try {
      for (const [name, sha256] of Object.entries(files)) {
        const bytes = await this.#read(name, sha256)
        const place = join(part, name)
        await mkdir(dirname(place), { recursive: true })
          .then(() => writeFile(place, bytes))
          .catch(cause => {
            throw cannotWrite(place, cause)
          })
      }
      await rename(part, folder).catch(cause => {
        // Another process was faster.
        if (!existsSync(folder)) throw cannotWrite(folder, cause)
      })
    } finally {
      await rm(part, { recursive: true, force: true })
    }
  }

  /** From former/ where it has changed since, from the present model otherwise. */
  async #read(name: string, sha256: string): Promise<Uint8Array> {
    const changed = join(this.#source, 'former', `${sha256}${extname(name)}`)
    const file = existsSync(changed) ? changed : join(this.#source, name)
    const bytes = await readFile(file).catch(() => null)
    if (bytes === null || hashOf(bytes) !== sha256) throw fault('formerDraftDamaged', { file })
    return bytes
  }
}

async function readIndex(file: string): Promise<readonly Former[]> {
  const text = await readFile(file, 'utf8').catch(() => '[]')
  try {
    return indexSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw fault('modelManifestDamaged', { file }, { cause })
  }
}
