/** The blocks as a list, the chosen one in numbers, and the motifs to choose from. */
import { ArrowDown, ArrowUp, Copy, Eraser, MousePointer2, PenLine, Trash2, Type } from 'lucide-react'
import { FINEST_STROKE } from '../../core/contract/vocabulary.ts'
import { useMessages } from '../i18n/index.ts'
import {
  addWord,
  blocksOf,
  choose,
  duplicateBlock,
  layerBlock,
  removeBlock,
  toggleCanvas,
  useCanvas,
} from '../store/canvas.ts'
import { useCompose } from '../store/compose.ts'
import { useCanvasScale, useMaps } from '../store/maps.ts'
import { late } from '../ui/late.tsx'
import { Choice, IconButton, Section } from '../ui/parts.tsx'
import { Slider } from '../ui/Slider.tsx'
import { MotifPicker } from './MotifPicker.tsx'

const BlockFields = late(() => import('./BlockFields.tsx').then(part => part.BlockFields))

export function BlocksPanel() {
  const t = useMessages()
  const composition = useCompose(({ present }) => present.request.composition)
  const word = useCompose(({ present }) => present.request.word ?? '')
  const { editing, chosen, tool, pen } = useCanvas()
  const blocks = blocksOf(composition)
  const nameOf = (at: number) => {
    const block = blocks[at]
    if (block.name) return block.name
    if (block.kind === 'word') return block.source.text ?? word
    return block.kind === 'motif' && 'emoji' in block.source ? block.source.emoji : ''
  }
  const icon = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const
  return (
    <Section title={t.blocks.title}>
      <div className="blocks-tools">
        <button type="button" className="plain small" aria-pressed={editing} onClick={toggleCanvas}>
          {t.blocks.edit}
        </button>
        <IconButton icon={Type} label={t.blocks.addWord} onClick={() => addWord(t.blocks.newWord)} />
      </div>
      {editing && (
        <div className="field">
          <span className="field-label">{t.blocks.tool}</span>
          <Choice
            label={t.blocks.tool}
            value={tool}
            onChange={tool => useCanvas.setState({ tool })}
            options={[
              { value: 'move', label: <MousePointer2 {...icon} />, name: t.blocks.tools.move },
              { value: 'pen', label: <PenLine {...icon} />, name: t.blocks.tools.pen },
              { value: 'eraser', label: <Eraser {...icon} />, name: t.blocks.tools.eraser },
            ]}
          />
        </div>
      )}
      {editing && tool !== 'move' && (
        <Slider
          label={t.blocks.penWidth}
          value={pen}
          min={0.005}
          max={0.15}
          step={0.005}
          standard={0.03}
          digits={3}
          onCommit={pen => useCanvas.setState({ pen })}
        />
      )}
      {blocks.length > 0 && (
        <ol className="blocks-list" reversed>
          {blocks
            .map((block, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a block is known by its place
              <li key={at} data-chosen={chosen === at}>
                <button
                  type="button"
                  className="block-name"
                  aria-pressed={chosen === at}
                  onClick={() => choose(chosen === at ? null : at)}
                >
                  <span className="hint">{t.blocks.kinds[block.kind]}</span> {nameOf(at)}
                </button>
                {chosen === at && (
                  <span className="block-acts">
                    <IconButton
                      icon={ArrowUp}
                      label={t.blocks.up}
                      disabled={at === blocks.length - 1}
                      onClick={() => layerBlock(at, 1)}
                    />
                    <IconButton
                      icon={ArrowDown}
                      label={t.blocks.down}
                      disabled={at === 0}
                      onClick={() => layerBlock(at, -1)}
                    />
                    <IconButton icon={Copy} label={t.blocks.duplicate} onClick={() => duplicateBlock(at)} />
                    <IconButton icon={Trash2} label={t.blocks.remove} onClick={() => removeBlock(at)} />
                  </span>
                )}
              </li>
            ))
            .reverse()}
        </ol>
      )}
      {chosen !== null && blocks[chosen] && <BlockFields at={chosen} block={blocks[chosen]} />}
      <Warnings />
      <MotifPicker />
    </Section>
  )
}

/** Words that are crossed or too fine. */
function Warnings() {
  const t = useMessages()
  const blocks = useMaps(state => state.blocks)
  const scale = useCanvasScale()
  const nameOf = (index: number) => blocks.find(block => block.index === index)?.name || `${index + 1}`
  const found = blocks
    .filter(({ kind }) => kind === 'word')
    .flatMap(({ name, hidden, hiddenBy, strokeWidth }) => {
      const pixels = strokeWidth * scale
      return [
        ...(hidden > 0.01 ? [t.blocks.crossed(name, Math.round(hidden * 100), hiddenBy.map(nameOf).join(', '))] : []),
        ...(pixels < FINEST_STROKE ? [t.blocks.fine(name, Math.round(pixels))] : []),
      ]
    })
  return found.length === 0 ? null : (
    <p className="hint" role="status">
      {found.join(' ')}
    </p>
  )
}
