/** Image sets over real HTTP: what is refused before it is queued, the files of a finished one, and what one that failed says. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestService } from './testing-service.ts'

let service: TestService
beforeAll(async () => {
  service = await TestService.open()
})
afterAll(() => service[Symbol.asyncDispose]())

const small = { width: 64, height: 64, steps: 1, seed: 1 }
const axis = (field: string, ...values: unknown[]) => ({ field, values })
const variant = (request: object) => [{ name: 'v', request }]

/** @returns id of its job, which is over */
async function made(set: object): Promise<string> {
  const { status, json } = await service.post('/api/sets', { words: ['一', '二'], request: small, ...set })
  expect(status).toBe(202)
  await service.host.finished(json().id)
  return json().id
}

describe('the limits of a picture hold for every picture of a set', () => {
  it.each([
    ['steps', { matrix: { x: axis('steps', 20, 200) } }],
    ['steps', { matrix: { x: axis('seed', 1), y: axis('steps', 151) } }],
    ['steps', { variants: variant({ steps: 151 }) }],
    ['count', { matrix: { x: axis('count', 17) } }],
    ['width × height', { sizes: ['99999x99999'] }],
    ['width × height', { sizes: [[512, 512], '4096x4096'] }],
    ['width × height', { matrix: { x: axis('width', 512, 4096) }, request: { height: 4096 } }],
    ['width × height', { matrix: { x: axis('width', 4096), y: axis('height', 64, 4096) } }],
    ['width × height', { matrix: { x: axis('width', 4096) }, sizes: ['512x2048'] }],
    ['width × height', { variants: variant({ width: 4096 }), request: { height: 4096 } }],
    ['width × height', { variants: variant({ width: 4096 }), matrix: { x: axis('height', 2048) } }],
  ])('%s: %j', async (field, set) => {
    const { status, json } = await service.post('/api/sets', { words: ['学'], ...set })
    expect([status, json()]).toMatchObject([400, { key: 'overLimit', field }])
    expect(service.host.queue.list()).toEqual([])
  })

  it('and a set within them is taken, however its sizes are said', async () => {
    service.host.queue.setPaused(true)
    for (const set of [
      { variants: variant({ width: 4096, height: 512 }), sizes: ['512x512'], matrix: { x: axis('steps', 1, 150) } },
      { matrix: { x: axis('width', 512, 1024), y: axis('height', 2048) } },
    ]) {
      const { status, json } = await service.post('/api/sets', { words: ['学'], ...set })
      expect([status, json().kind]).toEqual([202, 'set'])
      service.host.queue.cancel(json().id)
    }
    service.host.queue.setPaused(false)
  })

  it('are found in a large set without spelling it out', async () => {
    const words = Array.from({ length: 20_000 }, (_, i) => `字${i}`)
    const variants = Array.from({ length: 100 }, (_, i) => ({ name: `${i}`, request: { steps: i + 52 } }))
    const { status, json } = await service.post('/api/sets', { words, variants, sizes: Array(20).fill('64x64') })
    expect([status, json()]).toMatchObject([400, { key: 'overLimit', field: 'steps' }])
  })
})

describe('the files of a set', () => {
  it('are all that its manifest names, and nothing else of its folder', async () => {
    const matrix = { x: axis('guidanceScale', 1, 2) }
    // U+2028 ends a line for some readers, and must not make one up.
    const words = ['一', { word: '二', translation: 'two\u2028   "name": "secret.png",' }]
    const id = await made({
      name: 'lesson',
      words,
      matrix,
      maps: ['canny'],
      formats: ['png', 'webp'],
      deck: true,
      cards: {},
    })
    const file = (name: string) => service.get(`/api/sets/${id}/files/${encodeURIComponent(name)}`)
    const manifest = await file('set.json')
    expect([manifest.status, manifest.headers['content-type']]).toEqual([200, 'application/json'])
    const { pictures, others } = manifest.json()
    const names: string[] = [...pictures.flatMap((picture: { files: [] }) => picture.files), ...others].map(
      ({ name }) => name,
    )
    expect(names).toEqual(
      expect.arrayContaining([
        ...['set.csv', 'contact-sheet.pdf', 'contact-sheet-01.png', 'grid-01.png'],
        ...['lesson.apkg', 'lesson-cards.pdf'],
      ]),
    )
    expect(names.filter(name => name.endsWith('.webp'))).toHaveLength(4)
    expect(names.filter(name => name.includes('canny'))).toHaveLength(4)
    for (const name of names) expect([name, (await file(name)).status]).toEqual([name, 200])
    const types = await Promise.all(['set.csv', 'contact-sheet.pdf'].map(async name => (await file(name)).headers))
    expect(types.map(headers => headers['content-type'])).toEqual(['text/csv; charset=utf-8', 'application/pdf'])
    const folder = join(service.folder, 'data', 'sets', 'lesson')
    for (const name of ['secret.png', 'contact-sheet-77.png']) await writeFile(join(folder, name), 'mine')
    for (const name of ['secret.png', 'contact-sheet-77.png', '../lesson/set.json', '.zihua/plan.json', 'lesson']) {
      const { status, json } = await file(name)
      expect([name, status, json().key]).toEqual([name, 404, 'noSuchSetFile'])
    }
    const zip = await service.get(`/api/sets/${id}/zip`)
    expect([zip.status, zip.json()]).toMatchObject([
      404,
      { key: 'setWithoutZip', hint: expect.stringContaining('"zip": true') },
    ])
  })

  it('have their ZIP at the end', async () => {
    service.host.queue.setPaused(true)
    const { id } = (await service.post('/api/sets', { words: ['三'], request: small, zip: true, sheet: false })).json()
    const early = await service.get(`/api/sets/${id}/zip`)
    expect([early.status, early.json()]).toMatchObject([409, { key: 'setNotDone' }])
    service.host.queue.setPaused(false)
    await service.host.finished(id)
    const zip = await service.get(`/api/sets/${id}/zip`)
    expect([zip.status, zip.headers['content-type']]).toEqual([200, 'application/zip'])
    const { paths } = (await service.get('/openapi.json')).json()
    expect(paths['/api/sets/{id}/files/{file}'].get.description).toContain('contact-sheet.pdf')
  })
})

describe('a job without a result', () => {
  const result = async (id: string) => {
    const { status, json } = await service.get(`/api/jobs/${id}/result`)
    return { ...json(), status }
  }

  it('says where that of a set is', async () => {
    const id = await made({ words: ['四'], sheet: false })
    expect(await result(id)).toMatchObject({
      ...{ status: 409, key: 'jobIsSet' },
      hint: expect.stringContaining(`/api/sets/${id}`),
    })
  })

  it('says that it was cancelled, or why it failed', async () => {
    service.host.queue.setPaused(true)
    const { id } = (await service.post('/api/jobs', { word: '学', ...small })).json()
    expect(await result(id)).toMatchObject({ status: 409, key: 'jobNotDone' })
    await service.post(`/api/jobs/${id}/cancel`, {})
    expect(await result(id)).toMatchObject({ status: 409, key: 'jobWasCancelled' })
    // Not looked for before it is painted.
    const failing = await service.host.orders.addPicture({ word: '学', ...small, vae: '/none.safetensors' })
    service.host.queue.setPaused(false)
    await service.host.finished(failing).catch(() => undefined)
    const job = (await service.get(`/api/jobs/${failing}`)).json()
    expect(job.state).toBe('failed')
    expect(await result(failing)).toMatchObject({
      ...{ status: 409, key: 'jobHasFailed' },
      detail: expect.stringContaining(job.error.message),
    })
  })

  it('is none where none of its pictures could be painted: nothing is queued', async () => {
    const before = service.host.queue.list().length
    const { status, json } = await service.post('/api/sets', { name: 'odd', words: ['五'], sizes: ['130x131'] })
    expect([status, json().detail]).toEqual([400, expect.stringContaining('multiple of 8')])
    expect(service.host.queue.list()).toHaveLength(before)
  })

  it('is no success where none of its pictures could be made', async () => {
    const failing = { name: 'none', words: ['五'], request: { ...small, vae: '/none.safetensors' }, sheet: false }
    const id = await service.host.orders.startSet(failing)
    await service.host.finished(id).catch(() => undefined)
    const failed = { id, state: 'failed', error: { message: expect.stringContaining('1 of 1 failed') } }
    expect((await service.get('/api/jobs')).json()).toContainEqual(expect.objectContaining({ id, state: 'failed' }))
    expect((await service.get(`/api/jobs/${id}`)).json()).toMatchObject(failed)
    expect((await service.get(`/api/sets/${id}`)).json()).toMatchObject({ state: 'failed', made: 0, failed: 1 })
    expect((await service.get(`/api/jobs/${id}/events`)).body.toString()).toContain('"state":"failed"')
  })
})
