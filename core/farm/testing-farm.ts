/** For tests: producers and workers of one process around a real server. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { ErrorReport } from '../faults/studio-error.ts'
import { Studio } from '../generate/studio.ts'
import type { SetInput } from '../sets/definition.ts'
import { makeSet, type SetReport } from '../sets/make-set.ts'
import type { FarmAddress } from './connection.ts'
import { type FarmSetOptions, makeFarmSet } from './farm-set.ts'
import { openHashes } from './hash-cache.ts'
import { type OpenedWorker, openWorker } from './open-worker.ts'
import type { Painter } from './painter.ts'
import { STUB_MADE, StubPainter, stubGenerated } from './testing-painter.ts'
import { TestServer } from './testing-server.ts'
import type { FarmWorker } from './worker.ts'

/** Small pictures of the draft model, which nobody paints here. */
export const STUB_SET = {
  words: ['学', 'love', 'мир', '水'],
  styles: ['comic', 'neon'],
  request: { width: 64, height: 64, steps: 2 },
  sheet: false,
} satisfies SetInput

export const ACK_WAIT_MS = 2000

export interface TestFarmOptions {
  server?: Parameters<typeof TestServer.start>[1]
}

export class TestFarm implements AsyncDisposable {
  readonly root: string
  readonly server: TestServer
  readonly studio: Studio
  readonly #hashes: ReturnType<typeof openHashes>
  readonly #workers: { opened: OpenedWorker; running: Promise<void> }[] = []
  /** What the producer and the workers have told. */
  readonly problems: ErrorReport[] = []
  readonly #listeners = new Set<() => void>()

  private constructor(root: string, server: TestServer) {
    this.root = root
    this.server = server
    this.studio = new Studio({ dataFolder: join(root, 'producer') })
    this.#hashes = openHashes(this.studio.dataFolder)
  }

  static async start({ server }: TestFarmOptions = {}): Promise<TestFarm> {
    const root = await mkdtemp(join(tmpdir(), 'zihua-farm-'))
    return new TestFarm(root, await TestServer.start(join(root, 'server'), server))
  }

  /** Of this farm's own, or a place of one's own. */
  folder(name: string): string {
    return resolve(this.root, name)
  }

  /** A generator whose pictures come from a stub; requests are completed and described as always. */
  get generator(): FarmSetOptions['generator'] {
    const { generator } = this.studio
    return {
      complete: generator.complete.bind(generator),
      describe: generator.describe.bind(generator),
      generate: async (request, { base }) => {
        const { files, prompts } = await generator.describe(request, base)
        return [{ ...stubGenerated(request, prompts), files }]
      },
    }
  }

  makeSet(set: SetInput, out: string, options: Partial<FarmSetOptions> = {}): Promise<SetReport> {
    return makeFarmSet(set, this.folder(out), {
      ...{ address: this.server.address, base: this.root, generator: this.generator, made: STUB_MADE },
      ...{ hashes: this.#hashes.hashes, modelsFolder: this.studio.modelsFolder },
      ...options,
      onProblem: problem => {
        this.#told(problem)
        options.onProblem?.(problem)
      },
    })
  }

  /** What paints with the draft model here, in place of the stub: the producer's own test picture, and a set without a farm. */
  get painting(): Pick<FarmSetOptions, 'generator' | 'made'> {
    const { generator, inference } = this.studio
    return { generator, made: inference.made }
  }

  /** The same set without a farm. */
  makeAlone(set: SetInput, out: string, maker: FarmSetOptions['generator'] = this.generator): Promise<SetReport> {
    return makeSet(set, this.folder(out), { base: this.root, maker })
  }

  /** @param painter null: the studio's own, with the models that it finds */
  async worker(
    name: string,
    painter: Painter | null = new StubPainter(),
    {
      address = this.server.address,
      models = ['*'],
      fetchModels = false,
    }: { address?: FarmAddress; models?: string[]; fetchModels?: boolean } = {},
  ): Promise<FarmWorker> {
    const opened = await openWorker({
      ...{ address, name, dataFolder: this.folder(name), ackWaitMs: ACK_WAIT_MS, fetchModels },
      painter: painter ? { painter, models } : undefined,
      onEvent: event => {
        if (event.kind === 'problem') this.#told(event.problem)
      },
    })
    this.#workers.push({ opened, running: opened.worker.run() })
    return opened.worker
  }

  /** Resolves when a problem of that key has been told. */
  async problem(key: string): Promise<ErrorReport> {
    for (;;) {
      const found = this.problems.find(problem => problem.key === key)
      if (found) return found
      await new Promise<void>(resolve => this.#listeners.add(resolve))
    }
  }

  #told(problem: ErrorReport): void {
    this.problems.push(problem)
    for (const listener of this.#listeners) listener()
    this.#listeners.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { opened, running } of this.#workers) {
      opened.worker.stop()
      await running.catch(() => {})
      await opened[Symbol.asyncDispose]()
    }
    await this.server[Symbol.asyncDispose]()
    await this.studio[Symbol.asyncDispose]()
    this.#hashes.database.close()
    await rm(this.root, { recursive: true, force: true })
  }
}
