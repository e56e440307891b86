/** The blocks on the canvas: which one is chosen, with which tool, and every change of them. */
import { create } from 'zustand'
import type { Block, BlockOf, Composition, DrawnStroke, Transform } from '../../core/contract/composition.ts'
import { COMPOSITION_LIMITS, type MotifForm, type MotifLayout } from '../../core/contract/vocabulary.ts'
import type { MotifView } from '../../core/host/api/maps.ts'
import { api } from '../api.ts'
import { useCompose } from './compose.ts'
import { useFacts } from './facts.ts'
import { latest } from './latest.ts'
import { useStage } from './stage.ts'

export type Tool = 'move' | 'pen' | 'eraser'

interface CanvasState {
  /** Blocks are edited on the stage. */
  editing: boolean
  /** Place of the chosen block in the composition. */
  chosen: number | null
  tool: Tool
  /** Width of the pen, share of the canvas' shorter side. */
  pen: number
  /** Lines that a moved block snaps to now, shares of width and height. */
  guides: { x: number | null; y: number | null }
}

export const useCanvas = create<CanvasState>()(() => ({
  editing: false,
  chosen: null,
  tool: 'move',
  pen: 0.03,
  guides: { x: null, y: null },
}))

export const toggleCanvas = (): void => {
  const editing = !useCanvas.getState().editing
  if (editing) begin()
  useCanvas.setState({ editing, tool: 'move' })
  if (editing) useStage.setState({ comparison: null })
}

export const choose = (chosen: number | null): void => useCanvas.setState({ chosen })

const MIDDLE: Transform = { x: 0.5, y: 0.5, scale: [0.5, 0.5], rotation: 0 }
const PLAIN = { warp: null, control: 1, prompt: null } as const

/** The request's own word, as large as it is without blocks. */
const wordAlone = (): BlockOf<'word'> => ({
  kind: 'word',
  source: { text: null, writing: {} },
  transform: { ...MIDDLE, scale: [0.84, 0.84] },
  ...PLAIN,
})

/** Whether a word is painted: without blocks it always is, else where one of them says it. null: whatever word the request has */
export const isWritten = (composition: Composition | null | undefined, word: string | null): boolean =>
  !composition || composition.blocks.some(({ kind, source }) => kind === 'word' && (source.text ?? word) === word)

/** Puts the word back onto the canvas after its own block was removed. */
export const placeWord = (): void => addBlock(wordAlone())

/** Puts the word onto the canvas as its first block. */
function begin(): void {
  const { present, patch } = useCompose.getState()
  if (!present.request.composition) patch({ composition: { blocks: [wordAlone()], gap: 0.012 } })
}

export const blocksOf = (composition: Composition | null | undefined): readonly Block[] => composition?.blocks ?? []

/** Changes all blocks. @param key edits under one key are one step of the history */
export function changeBlocks(change: (blocks: readonly Block[]) => readonly Block[], key?: string): void {
  const { present, patch } = useCompose.getState()
  const composition = present.request.composition ?? { blocks: [], gap: 0.012 }
  const blocks = change(composition.blocks).slice(0, COMPOSITION_LIMITS.blocks)
  // Without blocks the word fills the canvas again.
  patch({ composition: blocks.length === 0 ? null : { ...composition, blocks: [...blocks] } }, key)
}

/** Changes one block. */
export const changeBlock = (at: number, change: (block: Block) => Block, key?: string): void =>
  changeBlocks(blocks => blocks.map((block, i) => (i === at ? change(block) : block)), key)

export const transformBlock = (at: number, part: Partial<Transform>, key?: string): void =>
  changeBlock(at, block => ({ ...block, transform: { ...block.transform, ...part } }) as Block, key)

export function addBlock(block: Block): void {
  begin()
  changeBlocks(blocks => [...blocks, block])
  const { composition } = useCompose.getState().present.request
  useCanvas.setState({ editing: true, chosen: blocksOf(composition).length - 1 })
}

export const addWord = (text: string): void =>
  addBlock({
    kind: 'word',
    source: { text, writing: {} },
    transform: { ...MIDDLE, y: 0.85, scale: [0.4, 0.4] },
    ...PLAIN,
  })

export const addMotif = (source: BlockOf<'motif'>['source'], name: string): void =>
  addBlock({ kind: 'motif', source, name: name.slice(0, COMPOSITION_LIMITS.name), transform: MIDDLE, ...PLAIN })

export function removeBlock(at: number): void {
  changeBlocks(blocks => blocks.filter((_, i) => i !== at))
  choose(null)
}

export function duplicateBlock(at: number): void {
  changeBlocks(blocks => {
    const { transform, ...block } = structuredClone(blocks[at])
    const copy = { ...block, transform: { ...transform, x: transform.x + 0.06, y: transform.y + 0.06 } } as Block
    return [...blocks.slice(0, at + 1), copy, ...blocks.slice(at + 1)]
  })
  choose(at + 1)
}

/** One layer up (1) or down (-1). */
export function layerBlock(at: number, by: 1 | -1): void {
  const to = at + by
  const { length } = blocksOf(useCompose.getState().present.request.composition)
  if (to < 0 || to >= length) return
  changeBlocks(blocks => {
    const moved = [...blocks]
    moved.splice(to, 0, ...moved.splice(at, 1))
    return moved
  })
  choose(to)
}

/** Adds a stroke of the pen to the chosen drawing, or begins one. */
export function addStroke(stroke: DrawnStroke): void {
  const { chosen } = useCanvas.getState()
  const block = blocksOf(useCompose.getState().present.request.composition)[chosen ?? -1]
  const isUpright =
    block?.kind === 'drawing' && block.warp === null && JSON.stringify(block.transform) === JSON.stringify(AS_DRAWN)
  if (!isUpright || block.source.strokes.length >= COMPOSITION_LIMITS.strokes) {
    const source = { strokes: [stroke], thinning: 0.5 }
    addBlock({ kind: 'drawing', source, transform: AS_DRAWN, ...PLAIN })
    return
  }
  const strokes = [...block.source.strokes, stroke]
  changeBlock(chosen!, () => ({ ...block, source: { ...block.source, strokes } }))
}
/** A drawing lies where it was drawn. */
const AS_DRAWN: Transform = { x: 0.5, y: 0.5, scale: [1, 1], rotation: 0 }

const finding = latest()

/** Motifs for a text, or for the word's meaning where there is none. */
export async function findMotifs(text: string, show: (motifs: readonly MotifView[]) => void): Promise<void> {
  const { word = null, translation = null } = useCompose.getState().present.request
  const meaning = translation ?? useFacts.getState().built?.meaning.text ?? null
  await finding(async signal => {
    const found = await api.composition.motifs({ text, word, translation: meaning }, { signal })
    if (!signal.aborted) show(found)
  })
}

/** Sets motifs around the word. @param seed another one scatters them elsewhere */
export async function arrangeMotifs(
  motifLayout: MotifLayout,
  motifs: readonly MotifView[],
  form: MotifForm,
  seed: number,
  nameOf: (motif: MotifView) => string,
): Promise<void> {
  begin()
  const { word = null, layout = {}, composition, width, height } = useCompose.getState().present.request
  const { width: w = 512, height: h = 512 } = useFacts.getState().complete ?? {}
  if (!composition) return
  const { composition: arranged } = await api.composition.arrange({
    ...{ composition, word, layout, motifLayout, seed },
    width: width ?? w,
    height: height ?? h,
    motifs: motifs.map(motif => ({
      source: { emoji: motif.emoji, form, weight: 400 },
      name: nameOf(motif).slice(0, COMPOSITION_LIMITS.name),
    })),
  })
  useCompose.getState().edit(draft => ({
    ...draft,
    motifsOff: false,
    request: { ...draft.request, composition: arranged },
  }))
  useCanvas.setState({ editing: true, chosen: null })
}

/** A designer's own SVG file as a motif. @throws ErrorReport's error where it is refused */
export async function addSvg(file: File): Promise<void> {
  const { path } = await api.composition.svg({ name: file.name, data: file })
  addMotif({ path, form: 'line' }, file.name.replace(/\.svg$/i, ''))
}
