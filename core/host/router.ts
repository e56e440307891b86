/**
 * Implements the procedures of core/host/api.ts on an open studio: one router for every host. Errors leave it as
 * ErrorReport.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { implement, ORPCError, ValidationError } from '@orpc/server'
import { DEFAULT_LAYOUT } from '../contract/request.ts'
import { Http } from '../downloads/http.ts'
import { changeHubAccess, type HubAccess, readHubAccess } from '../downloads/hub-access.ts'
import { fault, reportOf } from '../faults/fault.ts'
import { phraseOfIssue } from '../faults/issue.ts'
import type { ErrorReport } from '../faults/studio-error.ts'
import { whenFree } from '../files/database.ts'
import { coloursOfPicture } from '../generate/picture-palette.ts'
import { lackingIn, listFonts } from '../glyph/font-list.ts'
import { addFont, removeFont } from '../glyph/own-fonts.ts'
import type { Notes } from '../library/library.ts'
import type { LibraryQuery } from '../library/picture-query.ts'
import { adviceOfModel } from '../machine/model-advice.ts'
import { scanModels } from '../machine/scan.ts'
import { lookUp } from '../prompt/dictionary.ts'
import { countTokens, PromptBuilder } from '../prompt/prompt-builder.ts'
import { checkDraft } from '../prompt/style-problems.ts'
import { openSet } from '../sets/open-set.ts'
import { insistOnEncoding, type ListFileOptions, readWordList, readWordsFile } from '../sets/word-list.ts'
import { clearWidened, widenedCopies } from '../weights/widen.ts'
import type { LibrarySearch } from './api/library.ts'
import { contract } from './api.ts'
import { asSet } from './as-set.ts'
import { exportLabel } from './export-schema.ts'
import { machineView, pictureEstimate } from './machine-views.ts'
import { fullMaps, type MapsRequest, partsOf, pictureMaps, typedMaps } from './map-views.ts'
import { detailsOf } from './model-details.ts'
import { arrangeMotifs, motifsFor, readMotif } from './motifs.ts'
import { ownMapOf } from './own-maps.ts'
import { studioStatus } from './status.ts'
import type { StudioHost } from './studio-host.ts'
import { importSettings, keepUpload } from './uploads.ts'
import { viewOfPicture } from './views.ts'

/** @param host the studio that the procedures act on; it must outlive the router */
export function createRouter(host: StudioHost) {
  const { studio, library, queue, jobs, settings } = host
  const mapsOf = async ({ layout, style, ...input }: MapsInput): Promise<MapsRequest> => {
    const { scribble } = await studio.styles.get(style)
    return { ...input, scribble, layout: completeLayout(layout) }
  }
  const os = implement(contract).use(async ({ next }) => {
    try {
      // Another program may hold a database for a while: the call waits, and the event loop does not.
      return await whenFree(async () => next())
    } catch (error) {
      throw refusal(error)
    }
  })
  return os.router({
    studio: {
      info: os.studio.info.handler(() => host.info()),
      // Subscribed before the answer is sent, so that no event is missed.
      events: os.studio.events.handler(({ signal }) => host.events(signal)),
      sketch: os.studio.sketch.handler(({ input, signal }) =>
        host.sketches.paint(host.orders.withModel(input.request), signal),
      ),
      status: os.studio.status.handler(() => studioStatus(host)),
      localApi: os.studio.localApi.handler(() => host.localApi?.state() ?? { kind: 'none' }),
    },
    styles: {
      list: os.styles.list.handler(() => studio.styles.list()),
      save: os.styles.save.handler(({ input }) => studio.styles.save(input.style)),
      check: os.styles.check.handler(({ input: { style, ...wordOf } }) => checkDraft(style, wordOf)),
      remove: os.styles.remove.handler(({ input }) => studio.styles.remove(input.id)),
      importText: os.styles.importText.handler(({ input }) => studio.styles.import(input.text)),
      exportText: os.styles.exportText.handler(async ({ input }) => ({ text: await studio.styles.export(input.id) })),
    },
    fonts: {
      list: os.fonts.list.handler(() => listFonts()),
      lacks: os.fonts.lacks.handler(({ input }) => lackingIn(input.word, input.fonts)),
      add: os.fonts.add.handler(async ({ input: { name, data } }) => ({
        family: await addFont(name, Buffer.from(await data.arrayBuffer())),
      })),
      remove: os.fonts.remove.handler(async ({ input }) => ({ removed: await removeFont(input.family) })),
    },
    dictionary: { lookUp: os.dictionary.lookUp.handler(({ input: { word, language } }) => lookUp(word, { language })) },
    glossary: {
      list: os.glossary.list.handler(async () => ({
        ...{ file: studio.glossary.file, entries: await studio.glossary.list() },
      })),
      set: os.glossary.set.handler(({ input }) => studio.glossary.set(input.word, input.translation)),
      remove: os.glossary.remove.handler(async ({ input }) => ({ removed: await studio.glossary.remove(input.word) })),
      importFile: os.glossary.importFile.handler(async ({ input }) => {
        const { name, bytes, options } = await fileOf(input)
        const list = await readWordsFile(bytes, name, options)
        insistOnEncoding(list.reading, name)
        return studio.glossary.add(list)
      }),
    },
    prompts: {
      build: os.prompts.build.handler(async ({ input: { style, additions = {}, model, language, ...input } }) => {
        const { prompt, negativePrompt } = additions
        const added = { ...(prompt && { prompt }), ...(negativePrompt && { negativePrompt }) }
        const known = { glossary: studio.glossary, language }
        const built = await new PromptBuilder(await studio.styles.get(style), added, known).build(input)
        const vocabulary = await vocabularyOf(host, model ?? settings.get().model)
        const count = async (text: string) => (await countTokens(text, vocabulary)).tokens
        const negative = built.negativePrompt === null ? null : await count(built.negativePrompt)
        return { ...built, tokens: { prompt: await count(built.prompt), negativePrompt: negative } }
      }),
    },
    maps: {
      preview: os.maps.preview.handler(async ({ input, signal }) =>
        typedMaps(host.preview, await mapsOf(input), signal),
      ),
      ofPicture: os.maps.ofPicture.handler(async ({ input, signal }) =>
        pictureMaps(host.pictureMaps, host.blobs, await mapsOf(input), signal),
      ),
      full: os.maps.full.handler(async ({ input }) => fullMaps(studio.maps, host.blobs, await mapsOf(input))),
      upload: os.maps.upload.handler(({ input: { name, data, use }, signal }) =>
        keepUpload(library, name, data, use ?? 'map', signal),
      ),
      own: os.maps.own.handler(({ input, signal }) =>
        ownMapOf({ library, blobs: host.blobs, pool: studio.maps }, input, signal),
      ),
      parts: os.maps.parts.handler(({ input: { layout, ...input }, signal }) =>
        partsOf(studio.maps, { ...input, layout: completeLayout(layout) }, signal),
      ),
    },
    composition: {
      motifs: os.composition.motifs.handler(({ input }) => motifsFor(studio, input)),
      svg: os.composition.svg.handler(({ input }) => readMotif(input.name, input.data)),
      arrange: os.composition.arrange.handler(async ({ input: { layout, ...input } }) => ({
        composition: await arrangeMotifs(studio.maps, { ...input, layout: completeLayout(layout) }),
      })),
    },
    request: {
      complete: os.request.complete.handler(async ({ input }) => {
        const request = await studio.generator.complete(host.orders.withModel(input.request), studio.dataFolder)
        return { request }
      }),
    },
    queue: {
      add: os.queue.add.handler(async ({ input }) => ({
        id: await host.orders.addPicture(input.request, { note: input.note }),
      })),
      list: os.queue.list.handler(() => queue.list().map(job => jobs.view(job))),
      history: os.queue.history.handler(({ input }) => {
        const { jobs: over, next } = queue.history(input)
        return { jobs: over.map(job => jobs.view(job)), next }
      }),
      cancel: os.queue.cancel.handler(({ input }) => queue.cancel(input.id)),
      remove: os.queue.remove.handler(({ input }) => jobs.remove(input.id)),
      clear: os.queue.clear.handler(() => ({ removed: jobs.clear() })),
      retry: os.queue.retry.handler(({ input }) => queue.retry(input.id)),
      state: os.queue.state.handler(() => ({ paused: queue.paused })),
      pause: os.queue.pause.handler(() => queue.setPaused(true)),
      resume: os.queue.resume.handler(() => queue.setPaused(false)),
      move: os.queue.move.handler(({ input }) => queue.move(input.id, input.before)),
    },
    library: {
      search: os.library.search.handler(({ input }) => {
        const { pictures, total } = library.list(queryOf(input))
        // One row that cannot be read does not take the list with it.
        const readable = pictures.map(({ id }) => library.index.get(id)).filter(found => found !== null)
        return { pictures: readable.map(viewOfPicture), total }
      }),
      get: os.library.get.handler(({ input }) => viewOfPicture(library.get(input.id))),
      note: os.library.note.handler(async ({ input: { ids, addTag, addAlbum, removeAlbum, ...notes } }) => {
        const tagsOf = (id: string) => (addTag ? { tags: [...new Set([...library.get(id).tags, addTag])] } : {})
        const albumsOf = (id: string) => {
          if (addAlbum === undefined && removeAlbum === undefined) return {}
          const others = library.get(id).albums.filter(name => name !== removeAlbum)
          return { albums: addAlbum === undefined ? others : [...others, addAlbum] }
        }
        for (const id of ids) await library.annotate(id, { ...given(notes), ...tagsOf(id), ...albumsOf(id) })
        host.publishPictures(ids)
      }),
      albums: os.library.albums.handler(() => library.index.families.albums()),
      export: os.library.export.handler(({ input, signal }) => host.exports.make(input.ids, input.what, signal)),
      versions: os.library.versions.handler(({ input }) => library.versionsOf(input.id).map(viewOfPicture)),
      asSet: os.library.asSet.handler(({ input }) => asSet(input.ids.map(id => library.get(id)))),
      renameAlbum: os.library.renameAlbum.handler(async ({ input }) => {
        host.publishPictures(await library.renameAlbum(input.from, input.to))
      }),
      trash: os.library.trash.handler(async ({ input }) => {
        await library.trash(input.ids)
        host.publishPictures(input.ids)
      }),
      restore: os.library.restore.handler(async ({ input }) => {
        await library.restore(input.ids)
        host.publishPictures(input.ids)
      }),
      purge: os.library.purge.handler(async ({ input }) => {
        await library.purge(input.ids)
      }),
      importFile: os.library.importFile.handler(({ input, signal }) =>
        importSettings(library, input.name, input.data, signal),
      ),
      colours: os.library.colours.handler(({ input, signal }) => coloursOfPicture(library.pathOf(input.id), signal)),
      locate: os.library.locate.handler(({ input }) => ({ paths: input.ids.map(id => library.pathOf(id)) })),
    },
    models: {
      list: os.models.list.handler(() => studio.registry.list()),
      all: os.models.all.handler(() => studio.registry.all()),
      add: os.models.add.handler(({ input }) => studio.store.add(input.path, input.as)),
      remove: os.models.remove.handler(({ input }) => studio.store.remove(input.id)),
      details: os.models.details.handler(async ({ input }) => {
        const known = (await studio.registry.all()).find(({ id }) => id === input.id)
        if (!known) throw fault('modelUnknown', { model: input.id })
        return detailsOf(known)
      }),
      downloads: os.models.downloads.handler(() => host.downloads.list()),
      download: os.models.download.handler(({ input }) => host.download(input.id, input.paint ?? false)),
      pause: os.models.pause.handler(({ input }) => host.downloads.pause(input.id)),
      discard: os.models.discard.handler(({ input }) => host.downloads.discard(input.id)),
      licence: os.models.licence.handler(async ({ input }) => ({
        text: await host.downloads.licence(input.id, input.at),
      })),
      scan: os.models.scan.handler(({ signal }) => scanModels(signal ? { signal } : {})),
      widened: os.models.widened.handler(async () => {
        const copies = await widenedCopies()
        return { count: copies.length, bytes: copies.reduce((sum, { bytes }) => sum + bytes, 0) }
      }),
      clearWidened: os.models.clearWidened.handler(() => clearWidened()),
      hub: os.models.hub.handler(async () => hubView(await readHubAccess(studio.dataFolder))),
      setHub: os.models.setHub.handler(async ({ input }) => {
        // Refuses what is no address before it is written down.
        if (input.mirror) await new Http({ mirror: input.mirror })[Symbol.asyncDispose]()
        return hubView(await changeHubAccess(studio.dataFolder, given(input) as Partial<HubAccess>))
      }),
      advice: os.models.advice.handler(async ({ input }) =>
        adviceOfModel(await studio.registry.resolve(input.model, studio.dataFolder)),
      ),
    },
    machine: {
      view: os.machine.view.handler(() => machineView(studio, settings.get().model)),
      tryAll: os.machine.tryAll.handler(() => studio.machine.tryAll()),
      measure: os.machine.measure.handler(({ signal }) => host.measureSteps(signal)),
      estimate: os.machine.estimate.handler(({ input, signal }) =>
        pictureEstimate(studio, library, host.orders.withModel(input.request), signal),
      ),
      release: os.machine.release.handler(() => studio.inference.release()),
    },
    sets: {
      words: os.sets.words.handler(async ({ input, signal }) => {
        const styles = new Set((await studio.styles.list()).styles.map(({ style }) => style.id))
        const { text, font, fallback = false } = input
        return readWordList(text, { styles, font, fallback, ...(signal && { signal }) })
      }),
      estimate: os.sets.estimate.handler(({ input, signal }) =>
        host.orders.estimateSet(input.definition, input.folder, signal),
      ),
      start: os.sets.start.handler(async ({ input }) => ({
        id: await host.orders.startSet(input.definition, input.folder, {
          overwrite: input.overwrite,
          farm: input.farm,
        }),
      })),
      open: os.sets.open.handler(async ({ input }) => {
        const { name, bytes, options } = await fileOf(input)
        return openSet(bytes, name, options)
      }),
      view: os.sets.view.handler(({ input }) => host.sets.view(input.id)),
      resume: os.sets.resume.handler(({ input }) => host.sets.resume(input.id, input.only)),
    },
    farm: {
      url: os.farm.url.handler(() => host.farm.url()),
      set: os.farm.set.handler(({ input }) => host.farm.set(input)),
      status: os.farm.status.handler(() => host.farm.status()),
      order: os.farm.order.handler(({ input }) => host.farm.order(input.worker, input.order)),
    },
    settings: {
      get: os.settings.get.handler(() => settings.get()),
      set: os.settings.set.handler(async ({ input }) => {
        const changed = await settings.set(input)
        if (input.localApi !== undefined) await host.localApi?.apply()
        host.followSettings()
        return changed
      }),
    },
  })
}

/** A list's bytes, and how they are to be read; what came as text is no longer in doubt. */
async function fileOf({ name, data, text = '', ...options }: ListFileInput) {
  if (!data) return { name, bytes: Buffer.from(text), options: { ...options, encoding: 'utf-8' } }
  return { name, bytes: new Uint8Array(await data.arrayBuffer()), options }
}

type ListFileInput = ListFileOptions & { name: string; data?: Blob | undefined; text?: string | undefined }

type MapsInput = Omit<MapsRequest, 'layout' | 'scribble'> & { layout: object; style: string }

/** Drops undefined fields: a field that is left out stays as it is. */
const given = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Notes

const completeLayout = (layout: object) => ({ ...DEFAULT_LAYOUT, ...given(layout) }) as typeof DEFAULT_LAYOUT

function queryOf({ minRating, tag, to, ...search }: LibrarySearch): LibraryQuery {
  const fields = { ...search, rating: minRating, tags: tag === undefined ? undefined : [tag], until: to }
  return given(fields) as LibraryQuery
}

/** The token itself never leaves the host. */
const hubView = ({ mirror, token, locked }: HubAccess) => ({ mirror, hasToken: token !== null || locked })

/** Folder of the model's own CLIP vocabulary (the draft model has one); undefined for SDXL's. */
async function vocabularyOf({ studio }: StudioHost, model: string): Promise<string | undefined> {
  const path = await studio.registry.resolve(model, studio.dataFolder).catch(() => null)
  const folder = path === null ? null : join(path, 'tokenizer')
  return folder !== null && existsSync(join(folder, 'vocab.json')) ? folder : undefined
}

/** An error as it is sent to the renderer. */
function refusal(error: unknown): ORPCError<string, ErrorReport> {
  const data = report(error)
  const status = data.code === 'internal' ? 500 : data.code === 'cancelled' ? 409 : 400
  return new ORPCError(data.code, { status, message: data.message, data, cause: error })
}

/** An invalid call is reported by its first invalid field. */
function report(error: unknown): ErrorReport {
  const cause = (error as { cause?: unknown }).cause
  if (!(error instanceof ORPCError && cause instanceof ValidationError)) return reportOf(error)
  const [issue = { message: 'the input is invalid' }] = cause.issues
  const field = issue.path?.map(part => (typeof part === 'object' ? part.key : part)).join('.') ?? ''
  return fault('inputWrong', { field: exportLabel(field) ?? field, issue: phraseOfIssue(issue) }).report()
}
