/** Measures how long the event loop is held by a queue with a long history while a job reports its steps. */
import { setImmediate as yielded } from 'node:timers/promises'
import { Queue } from './queue.ts'
import { QueueStore } from './queue-store.ts'
import { briefOf, type StudioJobs } from './studio-jobs.ts'

export interface BenchSize {
  /** Finished pictures, finished sets, and the words of each set. */
  finished: number
  sets: number
  words: number
  /** Steps that the running picture reports. */
  steps: number
}

export interface BenchReport {
  /** How long one turn of the event loop took: what anybody else waits. */
  medianMs: number
  worstMs: number
  /** Of one call of list(), as a page makes it when it opens. */
  listMs: number
  turns: number
}

export async function benchQueue(file: string, { finished, sets, words, steps }: BenchSize): Promise<BenchReport> {
  fill(file, { finished, sets, words })
  const queue = new Queue<StudioJobs>(
    file,
    {
      picture: async ({ onProgress }) => {
        for (let step = 1; step <= steps; step++) {
          onProgress({ kind: 'step', step, steps, image: 0, images: 1 } as never, step / steps)
          await yielded()
        }
        return { pictures: [] }
      },
      set: async () => {
        throw new Error('no set is made here')
      },
    },
    { brief: briefOf },
  )
  const turns: number[] = []
  const lists: number[] = []
  let heard = 0
  queue.subscribe(() => heard++)
  queue.add({ kind: 'picture', title: 'measured', payload: { request: { word: '学' }, base: '/' } })
  queue.start()
  let last = performance.now()
  while (queue.count('running') > 0) {
    await yielded()
    const now = performance.now()
    turns.push(now - last)
    last = now
    if (turns.length % 100 === 50) {
      queue.list()
      lists.push(performance.now() - now)
    }
  }
  await queue.close()
  if (heard < steps) throw new Error(`Only ${heard} events were heard.`)
  const sorted = turns.sort((a, b) => a - b)
  const round = (ms: number) => Math.round(ms * 100) / 100
  return {
    medianMs: round(sorted[sorted.length >> 1]),
    worstMs: round(sorted.at(-1)!),
    listMs: round(Math.max(...lists, 0)),
    turns: turns.length,
  }
}

function fill(file: string, { finished, sets, words }: Omit<BenchSize, 'steps'>): void {
  const store = new QueueStore<StudioJobs>(file, 'filler', briefOf)
  store.beat(Date.now())
  const request = {
    word: '学习',
    translation: 'study',
    style: 'comic',
    model: 'draft',
    width: 512,
    height: 512,
    steps: 12,
  }
  const finish = (id: string, result: unknown) => {
    store.claim()
    store.finish(id, 'done', { result })
  }
  for (let i = 0; i < finished; i++) {
    store.add(`picture-${i}`, { kind: 'picture', title: '学习', payload: { request, base: '/' } })
    finish(`picture-${i}`, { pictures: [`${i}`.padStart(12, '0')] })
  }
  const list = Array.from({ length: words }, (_, i) => ({ word: `学习${i}`, translation: `study ${i}` }))
  for (let i = 0; i < sets; i++) {
    const set = { name: `set ${i}`, words: list, styles: ['comic'], seeds: [1] }
    store.add(`set-${i}`, { kind: 'set', title: set.name, payload: { set, base: '/', folder: `/sets/${i}` } })
    finish(`set-${i}`, { total: words, made: words, reused: 0, failures: [], complete: true })
  }
  store.close()
}
