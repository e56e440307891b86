/** Other programs: the local API and the status. */
import { counter } from '../plural.ts'

const n = counter('en')

export const localApi = {
  title: 'Other programs',
  allow: 'Programs of this computer may use the studio',
  what: 'They reach the Writing Service, and the APIs of OpenAI and AUTOMATIC1111, on 127.0.0.1 alone. Web pages never do.',
  port: 'Port',
  askToken: 'Ask them for a token',
  noToken: 'Every program of this computer gets in without one.',
  copyToken: 'Copy token',
  on: (origin: string) => `They call ${origin}.`,
  docs: 'What they can call',
  served: (origin: string) => `This studio was started as a service: programs call ${origin}.`,
}

export const status = {
  title: 'Status',
  queue: (running: number, waiting: number, paused: boolean) =>
    `${running} running, ${waiting} waiting${paused ? ', paused' : ''}`,
  ready: 'Ready to make pictures',
  silent: 'The studio does not answer.',
  sinceStart: 'Since the start',
  made: (made: number, failed: number) =>
    `${n(made, { one: 'picture', other: 'pictures' })}${failed ? `, ${failed} failed` : ''}`,
  computedBy: 'Computed by',
  processor: 'the processor',
  disk: 'Disk',
  unknown: 'not known',
  models: 'Models',
  chosen: 'chosen',
  inMemory: 'in memory',
  times: 'Times',
  size: 'Size',
  count: 'Pictures',
  mean: 'Mean',
  p95: '95 % within',
  recent: 'Last pictures',
  stages: {
    ...{ maps: 'drawing the maps', encode: 'text', init: 'start', load: 'loading' },
    ...{ control: 'reading the maps', step: 'steps', decode: 'picture' },
  },
  memory: 'Memory, the last hour',
  memoryNow: (studio: string, inference: string) => `Studio ${studio}, inference ${inference}`,
  curve: (most: string) => `Memory over the last hour, at most ${most}`,
  noCurve: 'The curve begins in a few seconds.',
}
