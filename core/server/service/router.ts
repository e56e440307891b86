/** The procedures of contract.ts over an open studio. */
import { openAsBlob } from 'node:fs'
import { basename } from 'node:path'
import { implement } from '@orpc/server'
import { fault, phrase } from '../../faults/fault.ts'
import { VERSION } from '../../files/version.ts'
import { listFonts } from '../../glyph/font-list.ts'
import { lookUp } from '../../prompt/dictionary.ts'
import type { StudioJob } from '../../queue/studio-jobs.ts'
import { serviceContract } from './contract/contract.ts'
import { type CallContext, generatedOf, mapsOfWord, paint, queue, queueLarger, type ServiceParts } from './generate.ts'
import type { Health } from './health.ts'
import { followJob } from './job-events.ts'
import { refusalOf } from './problem.ts'
import { pictureOf, viewOf } from './views.ts'

export function createServiceRouter(parts: ServiceParts, health: Health) {
  const { host, own } = parts
  const { library } = host
  const os = implement(serviceContract)
    .$context<CallContext>()
    .use(async ({ next }) => {
      try {
        return await next()
      } catch (error) {
        throw refusalOf(error)
      }
    })
  const jobOf = (id: string): StudioJob => {
    const job = host.queue.get(id)
    if (!job) throw fault('noSuchJob', { id })
    return job
  }
  return os.router({
    writing: {
      generate: os.writing.generate.handler(async ({ input, context }) =>
        generatedOf(parts, await paint(parts, input, context), context.requestId),
      ),
      status: os.writing.status.handler(() => health.status()),
    },
    health: {
      live: os.health.live.handler(() => ({ status: 'healthy', version: VERSION })),
      detailed: os.health.detailed.handler(() => health.detailed()),
      ready: os.health.ready.handler(async () => ({ ready: true, model: await health.ready() })),
      warmup: os.health.warmup.handler(async ({ context }) => ({
        success: true,
        ...(await health.warmup(context.requestId)),
      })),
      unload: os.health.unload.handler(async () => {
        await host.studio.inference.release()
        return { success: true } as const
      }),
    },
    jobs: {
      create: os.jobs.create.handler(async ({ input, context }) =>
        viewOf(host, jobOf(await queue(parts, input, context.requestId))),
      ),
      list: os.jobs.list.handler(() => host.queue.list().map(job => viewOf(host, job))),
      get: os.jobs.get.handler(({ input }) => viewOf(host, jobOf(input.id))),
      events: os.jobs.events.handler(({ input, context }) => {
        jobOf(input.id)
        return followJob(host, input.id, context.signal)
      }),
      cancel: os.jobs.cancel.handler(({ input }) => {
        jobOf(input.id)
        host.queue.cancel(input.id)
        return viewOf(host, jobOf(input.id))
      }),
      result: os.jobs.result.handler(async ({ input, context }) => {
        const job = jobOf(input.id)
        if (job.kind === 'set') throw fault('jobIsSet', { id: job.id })
        if (job.state === 'cancelled') throw fault('jobWasCancelled')
        if (job.state === 'failed') throw fault('jobHasFailed', { reason: job.error?.message ?? '' })
        if (job.state !== 'done' || !job.result) throw fault('jobNotDone', { state: job.state })
        const pictures = job.result.pictures.map(id => library.get(id))
        const ms = Object.values(pictures[0].record?.timings ?? {}).reduce((sum, stage) => sum + stage, 0)
        return generatedOf(parts, { pictures, ms: Math.round(ms) }, job.payload.requestId ?? context.requestId)
      }),
    },
    parts: {
      maps: os.parts.maps.handler(async ({ input, context }) => {
        const { word, composition = null } = input
        if (word === null && composition === null) throw fault('inputWrong', { field: 'word', issue: phrase('noWord') })
        const { layout = {}, composition: blocks } = await own.request({ word, composition, layout: input.layout })
        const asked = { ...input, layout, composition: blocks ?? null }
        const conditioning_images_base64 = await mapsOfWord(host, asked, context.signal)
        return { success: true, conditioning_images_base64 }
      }),
      styles: os.parts.styles.handler(async () => {
        const { styles } = await host.studio.styles.list()
        return styles.map(({ style, origin }) => ({ id: style.id, name: style.name.en, origin }))
      }),
      fonts: os.parts.fonts.handler(() => listFonts()),
      models: os.parts.models.handler(() => host.studio.registry.list()),
      dictionary: os.parts.dictionary.handler(async ({ input }) => {
        const found = await lookUp(input.word)
        if (found.basis === 'none')
          return { word: input.word, pinyin: null, meaning: null, entries: [], message: found.message }
        const { word, pinyin, meaning, entries } = found
        return { word, pinyin, meaning, entries: entries.map(entry => ({ ...entry })), message: null }
      }),
    },
    sets: {
      start: os.sets.start.handler(async ({ input }) => {
        const id = await host.orders.startSet(await own.set(input), undefined, { mostWaiting: own.limits.queue })
        return viewOf(host, jobOf(id))
      }),
      list: os.sets.list.handler(() =>
        host.queue
          .list()
          .filter(({ kind }) => kind === 'set')
          .map(job => viewOf(host, job)),
      ),
      get: os.sets.get.handler(async ({ input }) => {
        const job = jobOf(input.id)
        const { total, made, pictures, failures } = await host.sets.view(input.id)
        return {
          id: job.id,
          state: viewOf(host, job).state,
          name: job.title,
          ...{ total, made },
          failed: failures.length,
          pictures: pictures.map(({ name, index, word, style, seed, legibility }) => ({
            ...{ index, word, style, seed, legibility },
            file: name,
          })),
          failures: failures.map(({ index, word, message }) => ({ index, word, message })),
        }
      }),
      resume: os.sets.resume.handler(({ input }) => {
        host.sets.resume(input.id, input.only)
        return viewOf(host, jobOf(input.id))
      }),
      file: os.sets.file.handler(async ({ input: { id, file } }) => {
        const path = await host.sets.file(id, file)
        if (path === null) throw fault('noSuchSetFile', { id, name: file })
        return fileAt(path, `/api/sets/${id}/files/${file}`)
      }),
      zip: os.sets.zip.handler(async ({ input: { id } }) => fileAt(await host.sets.zip(id), `/api/sets/${id}/zip`)),
    },
    pictures: {
      search: os.pictures.search.handler(({ input }) => {
        const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
        const { pictures, total } = library.list(given)
        return { pictures: pictures.map(({ id }) => pictureOf(library.get(id))), total }
      }),
      get: os.pictures.get.handler(({ input }) => pictureOf(library.get(input.id))),
      file: os.pictures.file.handler(({ input }) => fileAt(library.pathOf(input.id), `/api/pictures/${input.id}/file`)),
      upscale: os.pictures.upscale.handler(async ({ input, context }) =>
        viewOf(host, jobOf(await queueLarger(parts, input, context.requestId))),
      ),
    },
  })
}

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  webp: 'image/webp',
  jpg: 'image/jpeg',
  avif: 'image/avif',
  tif: 'image/tiff',
  zip: 'application/zip',
  pdf: 'application/pdf',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
}

/** @param address what was asked for. @throws StudioError 'bad-request' where there is no file */
async function fileAt(path: string | null, address: string): Promise<File> {
  const missing = () => fault('nothingThere', { path: address })
  if (path === null) throw missing()
  const type = TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
  const blob = await openAsBlob(path, { type }).catch(() => {
    throw missing()
  })
  return new File([blob], basename(path), { type })
}
