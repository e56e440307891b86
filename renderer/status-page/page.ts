/**
 * The script of the Writing Service's page /status (core/server/service/status-page.ts): what GET /api/writing/status and
 * /health/detailed say, in the language that the server has chosen. The studio's own sheet shows the same from within.
 */
import type { HealthDetails } from '../../core/server/service/contract/health.ts'
import type { ServiceStatus } from '../../core/server/service/contract/writing.ts'
import { en } from '../i18n/en.ts'
import * as ruFaults from '../i18n/faults/ru/index.ts'
import { addTranslation, words } from '../i18n/faults/sentence.ts'
import * as zhFaults from '../i18n/faults/zh/index.ts'
import { ru } from '../i18n/ru.ts'
import { zh } from '../i18n/zh.ts'
import { secondsIn, sizeIn } from '../sets/measures.ts'
import { curveOf, HEIGHT, WIDTH } from '../status/curve.ts'

const EVERY_MS = 5000
// One file with everything in it: nothing else is open to who reads this page.
addTranslation('ru', ruFaults)
addTranslation('zh', zhFaults)
const language = document.documentElement.lang
const t = { en, ru, zh }[language] ?? en
const seconds = (milliseconds: number) => secondsIn(language, milliseconds)
const size = (bytes: number) => sizeIn(language, bytes)

/** Text goes in as text: a word of a picture is never markup. */
function element(name: string, content: string | readonly Element[], attributes: Record<string, string> = {}): Element {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...(typeof content === 'string' ? [content] : content))
  return made
}

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): Element[] {
  if (rows.length === 0) return []
  const heads = head.map(text => element('th', text, { scope: 'col' }))
  const body = rows.map(cells =>
    element(
      'tr',
      cells.map(cell => element('td', cell)),
    ),
  )
  const parts = [element('thead', [element('tr', heads)]), element('tbody', body)]
  return [element('h2', title), element('table', parts)]
}

function curve(samples: ServiceStatus['memory_curve']): Element {
  const line = curveOf(samples)
  if (!line) return element('p', t.status.noCurve)
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  const about = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' }
  for (const [key, value] of Object.entries(about)) svg.setAttribute(key, value)
  svg.setAttribute('aria-label', t.status.curve(size(line.most)))
  const polyline = document.createElementNS('http://www.w3.org/2000/svg', 'polyline')
  polyline.setAttribute('points', line.points)
  svg.append(polyline)
  return svg
}

type Stage = keyof typeof t.status.stages
const stages = (timings: Readonly<Record<string, number>>): string =>
  Object.entries(timings)
    .map(([stage, ms]) => `${t.status.stages[stage as Stage] ?? stage} ${seconds(ms)}`)
    .join(', ')

function shown(status: ServiceStatus, health: HealthDetails): Element[] {
  const { queue, statistics } = status
  const { ai_status: ai } = health.service_status
  const { provider } = health.gpu_status
  const facts = [
    [t.version, status.version],
    [t.queue, `${t.status.queue(queue.running, queue.waiting, queue.paused)} (≤ ${queue.limit})`],
    [t.status.sinceStart, t.status.made(statistics.generations, statistics.failures)],
    [t.status.computedBy, provider === 'cpu' ? t.status.processor : (health.gpu_status.name ?? provider)],
    [t.status.disk, health.disk ? t.sets.free(size(health.disk.free_bytes)) : t.status.unknown],
  ]
  const models = status.models.map(model => [
    model.name,
    [model.default && t.status.chosen, model.present ? model.in_memory && t.status.inMemory : t.missing]
      .filter(Boolean)
      .join(', '),
  ])
  const times = statistics.durations.map(row => [
    ...[row.model.split(/[/\\]/).at(-1) ?? '', row.size.replace('x', ' × '), String(row.count)],
    ...[seconds(row.meanMs), seconds(row.p95Ms)],
  ])
  const recent = status.recent.map(picture => [
    ...[picture.word ?? '', picture.style],
    ...[picture.legibility === null ? '' : picture.legibility.toLocaleString(language, { style: 'percent' })],
    stages(picture.timings),
  ])
  const memory = t.status.memoryNow(
    size(ai.memory.host),
    ai.memory.inference === null ? t.status.unknown : size(ai.memory.inference),
  )
  return [
    element('p', ai.problem ? words(ai.problem, language) : t.status.ready, {
      class: ai.problem ? 'problem' : 'ready',
    }),
    element(
      'dl',
      facts.flatMap(([name, value]) => [element('dt', name), element('dd', value)]),
    ),
    ...table(t.status.models, [t.model, t.status.title], models),
    ...table(t.status.times, [t.model, t.status.size, t.status.count, t.status.mean, t.status.p95], times),
    ...table(t.status.recent, [t.word, t.style, t.legible, t.status.times], recent),
    element('h2', t.status.memory),
    element('p', memory),
    curve(status.memory_curve),
  ]
}

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(path)
  if (!answer.ok) throw new Error(`${answer.status}`)
  return answer.json() as Promise<T>
}

async function show(): Promise<void> {
  const place = document.querySelector('main')
  try {
    const asked = [get<ServiceStatus>('/api/writing/status'), get<HealthDetails>('/health/detailed')] as const
    place?.replaceChildren(...shown(...(await Promise.all(asked))))
  } catch {
    place?.replaceChildren(element('p', t.status.silent, { class: 'problem' }))
  }
}

document.title = `${document.title}: ${t.status.title}`
void show()
setInterval(show, EVERY_MS)
