/** Models, their parts, and downloads, as the host tells of them while the screen is open. */
import { create } from 'zustand'
import type { DownloadList, DownloadView, ModelDetails } from '../../core/host/api/models.ts'
import type { KnownModel } from '../../core/machine/registry.ts'
import { api } from '../api.ts'
import { useCompose } from './compose.ts'
import { refreshModels } from './facts.ts'
import { latest } from './latest.ts'
import { notifyError } from './notices.ts'
import { startSettings } from './settings.ts'

interface ModelsState {
  known: KnownModel[]
  list: DownloadList | null
  details: Record<string, ModelDetails>
}

export const useModels = create<ModelsState>()(() => ({ known: [], list: null, details: {} }))

const loading = latest()

/** Asks for everything that the screen shows. */
export const loadModels = (): Promise<void> =>
  loading(async signal => {
    const [known, list] = await Promise.all([
      api.models.all(undefined, { signal }),
      api.models.downloads(undefined, { signal }),
    ])
    if (!signal.aborted) useModels.setState({ known, list })
  })

export async function loadDetails(id: string): Promise<void> {
  try {
    const details = await api.models.details({ id })
    useModels.setState(state => ({ details: { ...state.details, [id]: details } }))
  } catch (error) {
    notifyError(error)
  }
}

/** An event of the host: one download has gone on. */
export function downloadChanged(download: DownloadView): void {
  useModels.setState(({ list }) => {
    if (!list) return {}
    const downloads = list.downloads.map(one => (one.id === download.id ? download : one))
    return { list: { ...list, downloads, speed: download.progress?.speed ?? list.speed } }
  })
}

/** Models came or went; where one has landed that was waited for, it is the model now. */
export function modelsChanged(): void {
  void Promise.all([refreshModels(), startSettings(), useModels.getState().list && loadModels()]).catch(notifyError)
}

/** The LoRA of the draft under its path, or null. */
export const loraWeight = (loras: readonly { path: string; weight: number }[] | undefined, path: string) =>
  loras?.find(lora => lora.path === path)?.weight ?? null

/** Adds a LoRA to the draft, changes its weight, or takes it out (null). One step of the history. */
export function setLora(path: string, weight: number | null): void {
  const { present, patch } = useCompose.getState()
  const before = present.request.loras ?? []
  const at = before.findIndex(lora => lora.path === path)
  const others = before.filter((_, i) => i !== at)
  const changed = weight === null ? null : { path, weight }
  const loras = changed === null ? others : at < 0 ? [...before, changed] : before.with(at, changed)
  patch({ loras }, changed === null ? undefined : `lora ${path}`)
}

/** The word of an embedding in a prompt: its file's name. */
export const embeddingWord = (path: string): string => path.replace(/^.*[/\\]/, '').replace(/\.safetensors$/i, '')

/** Adds an embedding to the draft under its word, or takes it out (null). One step of the history. */
export function setEmbedding(path: string, token: string | null): void {
  const { present, patch, clear } = useCompose.getState()
  const others = (present.request.embeddings ?? []).filter(one => one.path !== path)
  const embeddings = token === null ? others : [...others, { path, token }]
  if (embeddings.length > 0) patch({ embeddings })
  else clear('embeddings')
}

/**
 * Sampler, steps and guidance that a model or LoRA wants, into the draft.
 * @param lora its path, where it is a LoRA: it joins the draft with its full weight
 */
export function takeOver(suggested: NonNullable<DownloadView['suggested']>, lora?: string): void {
  const { present, patch } = useCompose.getState()
  const others = (present.request.loras ?? []).filter(({ path }) => path !== lora)
  patch({ ...suggested, ...(lora !== undefined && { loras: [...others, { path: lora, weight: 1 }] }) })
}
