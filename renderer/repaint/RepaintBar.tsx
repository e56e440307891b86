/** In place of the stage's toolbar while a part is chosen: tools, parts that are no single shape, and painting. */
import { Brush, Eraser, MousePointerClick, Redo2, Undo2, X } from 'lucide-react'
import type { Picture } from '../../core/host/api/library.ts'
import { useMessages } from '../i18n/index.ts'
import {
  chooseNothing,
  endRepaint,
  hasWord,
  isNothing,
  paintAgain,
  redoChosen,
  toggleBlock,
  toggleGround,
  toggleRadical,
  undoChosen,
  useRepaint,
} from '../store/repaint.ts'
import { Choice, IconButton } from '../ui/parts.tsx'
import { Slider } from '../ui/Slider.tsx'
import { repaintKeys } from './RepaintLayer.tsx'

export function RepaintBar({ picture }: { picture: Picture }) {
  const t = useMessages()
  const { tool, size, feather, strength, chosen } = useRepaint()
  const icon = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const
  return (
    <div className="toolbar repaint-bar" role="toolbar" aria-label={t.repaint.title} onKeyDown={repaintKeys}>
      <div className="group">
        <Choice
          label={t.blocks.tool}
          value={tool}
          onChange={tool => useRepaint.setState({ tool })}
          options={[
            ...(hasWord(picture)
              ? [{ value: 'parts' as const, label: <MousePointerClick {...icon} />, name: t.repaint.tools.parts }]
              : []),
            { value: 'brush', label: <Brush {...icon} />, name: t.repaint.tools.brush },
            { value: 'eraser', label: <Eraser {...icon} />, name: t.repaint.tools.eraser },
          ]}
        />
        <IconButton icon={Undo2} label={t.undo} disabled={chosen.past.length === 0} onClick={undoChosen} />
        <IconButton icon={Redo2} label={t.redo} disabled={chosen.future.length === 0} onClick={redoChosen} />
      </div>
      {tool === 'parts' ? (
        <WholeParts />
      ) : (
        <Slider
          label={t.repaint.size}
          value={size}
          min={0.01}
          max={0.3}
          step={0.01}
          standard={0.06}
          onCommit={size => useRepaint.setState({ size })}
        />
      )}
      <Slider
        label={t.repaint.feather}
        value={feather}
        min={0}
        max={0.2}
        step={0.01}
        standard={0.03}
        onCommit={feather => useRepaint.setState({ feather })}
      />
      <Slider
        label={t.repaint.strength}
        value={strength}
        min={0.2}
        max={1}
        step={0.05}
        standard={0.85}
        onCommit={strength => useRepaint.setState({ strength })}
      />
      <div className="group repaint-acts">
        {/* Never disabled: a button that disables itself loses the focus. */}
        <button type="button" className="plain small" onClick={chooseNothing}>
          {t.repaint.nothing}
        </button>
        <button
          type="button"
          className="primary small"
          disabled={isNothing(chosen.present)}
          title="Ctrl Enter"
          onClick={() => void paintAgain()}
        >
          {t.repaint.paint}
        </button>
        <IconButton icon={X} label={t.repaint.done} keys="Esc" onClick={endRepaint} />
      </div>
    </div>
  )
}

/** Radical, ground and words; of strokes and motifs the picture itself is the list. */
function WholeParts() {
  const t = useMessages()
  const parts = useRepaint(state => state.parts)
  const { present: chosen } = useRepaint(state => state.chosen)
  const button = (label: string, isChosen: boolean, toggle: () => void) => (
    <button key={label} type="button" className="plain small" aria-pressed={isChosen} onClick={toggle}>
      {label}
    </button>
  )
  if (!parts)
    return (
      <span className="hint" role="status">
        {t.repaint.finding}
      </span>
    )
  return (
    <div className="group">
      {parts.blocks
        .filter(({ kind }) => kind === 'word')
        .map(({ index, name }) =>
          button(`${t.blocks.kinds.word} ${name}`, chosen.blocks.includes(index + 1), () => toggleBlock(index + 1)),
        )}
      {parts.strokes.some(({ radical }) => radical) && button(t.repaint.radical, chosen.radical, toggleRadical)}
      {button(t.repaint.ground, chosen.ground, toggleGround)}
    </div>
  )
}
