/** The export of a selection: what it is made as, and the making. */
import { create } from 'zustand'
import type { ErrorReport } from '../../core/faults/studio-error.ts'
import type { ExportChoice } from '../../core/host/export-schema.ts'
import type { Format } from '../../core/image/encode.ts'
import type { CardOptions, CardSize } from '../../core/output/card-layout.ts'
import { api, reportOf } from '../api.ts'
import { messages } from '../i18n/index.ts'
import { download } from './download.ts'
import { keep, recall } from './keep.ts'
import { latest } from './latest.ts'
import { notify } from './notices.ts'
import { useScreen } from './screen.ts'
import { useSets } from './sets.ts'

export type ExportKind = ExportChoice['kind']

/** The fields of all kinds, so that what was chosen for one is still there when it is chosen again. */
export interface ExportDraft {
  kind: ExportKind
  format: Format
  transparent: 'none' | 'word' | 'glow'
  strip: boolean
  names: string
  title: string
  pages: 'pdf' | 'png'
  maps: boolean
  size: CardSize | 'custom'
  width: number
  height: number
  bleed: number
  cropMarks: boolean
  order: CardOptions['order']
  perSheet: boolean
}

const FIRST: Omit<ExportDraft, 'names'> = {
  kind: 'pictures',
  format: 'png',
  transparent: 'none',
  strip: false,
  title: 'Zihua',
  pages: 'pdf',
  maps: true,
  size: 'a7',
  width: 85,
  height: 55,
  bleed: 3,
  cropMarks: true,
  order: 'long-edge',
  perSheet: false,
}

interface ExportState {
  /** The pictures that are exported. */
  ids: readonly string[]
  draft: ExportDraft
  /** The user's own title, while the draft has that of an album. */
  ownTitle: string | null
  making: boolean
  problem: ErrorReport | null
}

const KEY = 'zihua.export'

export const useExport = create<ExportState>()(() => ({
  ids: [],
  draft: { ...FIRST, names: '', ...recall<Partial<ExportDraft>>(KEY) },
  ownTitle: null,
  making: false,
  problem: null,
}))

export function changeExport(part: Partial<ExportDraft>): void {
  const { draft: before, ownTitle } = useExport.getState()
  const draft = { ...before, ...part }
  keep(KEY, { ...draft, title: ownTitle ?? draft.title })
  useExport.setState({ draft, problem: null })
}

/** Opens the sheet for these pictures. @param title what a deck or a sheet is called, where an album says */
export function openExport(ids: readonly string[], title?: string): void {
  const { draft, ownTitle } = useExport.getState()
  const names = draft.names || useSets.getState().draft.files
  const own = ownTitle ?? draft.title
  useExport.setState({
    ids,
    problem: null,
    draft: { ...draft, names, title: title ?? own },
    ownTitle: title === undefined ? null : own,
  })
  useScreen.getState().open('export')
}

function choiceOf(draft: ExportDraft): ExportChoice {
  const { kind, format, transparent, strip, names, title, pages, maps } = draft
  if (kind === 'pictures') return { kind, format, transparent, strip, names }
  if (kind === 'psd' || kind === 'svg') return { kind, names }
  if (kind === 'sheet') return { kind, title, pages }
  if (kind === 'deck') return { kind, title, maps }
  const { size, width, height, bleed, cropMarks, order, perSheet } = draft
  const options: CardOptions = { size: size === 'custom' ? [width, height] : size, bleed, cropMarks, order, perSheet }
  return { kind, title, maps, options }
}

const making = latest()

/** Makes the files and downloads them; closing the sheet ends it. */
export async function startExport(): Promise<void> {
  const { ids, draft } = useExport.getState()
  useExport.setState({ making: true, problem: null })
  try {
    await making(async signal => {
      const { url, name } = await api.library.export({ ids: [...ids], what: choiceOf(draft) }, { signal })
      if (signal.aborted) return
      download(url, name)
      useScreen.getState().open(null)
      notify(messages().output.ready(name))
    })
  } catch (error) {
    useExport.setState({ problem: reportOf(error) })
  } finally {
    useExport.setState({ making: false })
  }
}

/** Ends what is being made. */
export const stopExport = (): Promise<void> => making(async () => {})
