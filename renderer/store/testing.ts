/**
 * A real studio behind the real HTTP door, and the little of a browser that the store asks for: an address, two storages
 * and a fetch that carries the cookie. Import it before any slice of the store.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { vi } from 'vitest'
import { StudioHost } from '../../core/host/studio-host.ts'
import { WordPainter } from '../../core/library/testing.ts'
import { serve } from '../../core/server/serve.ts'

export interface TestStudio {
  host: StudioHost
  /** Procedures that were called, in their order: "queue/add". */
  calls: string[]
  /**
   * Holds back the answer to the next call of a procedure. @returns a promise of the way to let the answer go, which
   * comes once the host has answered
   */
  hold(procedure: string): Promise<() => void>
  /** Paints words into the library, as a queue of finished pictures would. @returns their ids, in order */
  paint(...words: string[]): Promise<string[]>
  /** The host is gone: no call is answered until it is called again with false. */
  cut(isCut: boolean): void
  stop(): Promise<void>
}

class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>()
  get length(): number {
    return this.#items.size
  }
  clear(): void {
    this.#items.clear()
  }
  getItem(key: string): string | null {
    return this.#items.get(key) ?? null
  }
  key(at: number): string | null {
    return [...this.#items.keys()][at] ?? null
  }
  removeItem(key: string): void {
    this.#items.delete(key)
  }
  setItem(key: string, value: string): void {
    this.#items.set(key, value)
  }
}

const browser = globalThis as unknown as { window: unknown; localStorage: Storage; sessionStorage: Storage }
browser.localStorage = new MemoryStorage()
browser.sessionStorage = new MemoryStorage()
/** Every picture is ready to be painted. */
class ReadyImage {
  src = ''
  async decode(): Promise<void> {}
}
Object.assign(globalThis, { Image: ReadyImage })
const page = new EventTarget()
const setAddress = (href: string) => {
  browser.window = Object.assign(page, { location: { href } })
}
setAddress('http://127.0.0.1:1/')

/** Opens an empty studio in a temporary folder and points the store at it. */
export async function openTestStudio(): Promise<TestStudio> {
  const folder = await mkdtemp(join(tmpdir(), 'zihua-store-'))
  const host = await StudioHost.open({ dataFolder: folder, firstPicture: false })
  const served = await serve({ host, port: 0 })
  const entered = await fetch(served.invite())
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
  const key = entered.headers.get('x-zihua-key') ?? ''
  setAddress(`${served.origin}/`)

  const calls: string[] = []
  const held = new Map<string, (release: () => void) => void>()
  let isCut = false
  const send = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    if (isCut) throw new TypeError('Failed to fetch')
    const request = new Request(input, init)
    request.headers.set('cookie', cookie)
    request.headers.set('x-zihua-key', key)
    request.headers.set('origin', served.origin)
    const procedure = new URL(request.url).pathname.replace('/rpc/', '')
    calls.push(procedure)
    const answer = await send(request)
    const reached = held.get(procedure)
    if (reached) {
      held.delete(procedure)
      await new Promise<void>(release => reached(release))
    }
    return answer
  }
  return {
    host,
    calls,
    hold: procedure => new Promise(reached => held.set(procedure, reached)),
    async paint(...words) {
      const painter = new WordPainter(resolve('package.json'))
      const ids: string[] = []
      for (const word of words) {
        const [made] = await painter.generate({ word, seed: 1, width: 64, height: 64, model: 'draft' })
        ids.push((await host.library.add(made!, { base: folder })).id)
      }
      return ids
    },
    cut(cut) {
      isCut = cut
    },
    async stop() {
      globalThis.fetch = send
      await served.close()
      await host[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Waits until a check no longer throws. Generous: nothing here is about speed, and a busy machine is slow. */
export const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 60_000, interval: 20 })
