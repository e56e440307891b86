/** Over the picture: its strokes and blocks to choose from, or a brush. */
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import type { Picture } from '../../core/host/api/library.ts'
import type { PartsView } from '../../core/host/api/maps.ts'
import { useMessages } from '../i18n/index.ts'
import {
  endRepaint,
  loadParts,
  paintAgain,
  toggleBlock,
  toggleGround,
  toggleStroke,
  useRepaint,
} from '../store/repaint.ts'
import { Brushed, BrushLayer } from './BrushLayer.tsx'

export function RepaintLayer({ picture }: { picture: Picture }) {
  const t = useMessages().repaint
  const { parts, tool } = useRepaint()
  const { width, height } = picture
  useEffect(() => void loadParts(picture), [picture])
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot hold an SVG's own space
    <svg
      className="layer repaint-layer"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="group"
      aria-label={t.title}
      onKeyDown={repaintKeys}
    >
      {parts && <Parts parts={parts} width={width} height={height} isChoosing={tool === 'parts'} />}
      <Brushed width={width} height={height} />
      {tool !== 'parts' && <BrushLayer key={tool} width={width} height={height} />}
    </svg>
  )
}

/** Keys of the layer and its bar, before the desk's own. */
export function repaintKeys(event: KeyboardEvent): void {
  if (event.key === 'Escape') endRepaint()
  else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void paintAgain()
  else return
  event.preventDefault()
  // Otherwise Ctrl+Enter would also generate what is composed on the desk.
  event.stopPropagation()
}

interface PartsProps {
  parts: PartsView
  width: number
  height: number
  isChoosing: boolean
}

/** One Tab stop: arrows lead from part to part, Enter or space chooses. */
function Parts({ parts: { strokes, blocks }, width, height, isChoosing }: PartsProps) {
  const t = useMessages()
  const { present: chosen } = useRepaint(state => state.chosen)
  const [stop, setStop] = useState(0)
  const group = useRef<SVGGElement>(null)
  // Whoever begins by a key goes on by keys.
  useEffect(() => {
    if (isChoosing) group.current?.querySelector<SVGElement>('[role=button]')?.focus()
  }, [isChoosing])
  const shapes = blocks.filter(({ kind }) => kind !== 'word')
  const words = blocks.filter(({ kind }) => kind === 'word')
  const items = [
    ...strokes.map(({ place, path, radical }) => ({
      ...{ id: `stroke ${place}`, path, label: t.repaint.stroke(place) },
      isChosen: chosen.strokes.includes(place) || (radical && chosen.radical),
      toggle: () => toggleStroke(place),
    })),
    ...shapes.map(({ index, path, kind, name }) => ({
      ...{ id: `block ${index}`, path, label: `${t.blocks.kinds[kind]}: ${name || index + 1}` },
      isChosen: chosen.blocks.includes(index + 1),
      toggle: () => toggleBlock(index + 1),
    })),
  ]
  const move = (event: KeyboardEvent, at: number) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    const to = (at + by + items.length) % items.length
    group.current?.querySelectorAll<SVGElement>('[role=button]')[to]?.focus()
  }
  return (
    <g ref={group} data-choosing={isChoosing}>
      <Ground
        width={width}
        height={height}
        paths={[...strokes, ...shapes].map(({ path }) => path)}
        isChosen={chosen.ground}
        isChoosing={isChoosing}
      />
      {words
        .filter(({ index }) => chosen.blocks.includes(index + 1))
        .map(({ index, path }) => (
          <path key={index} className="repaint-part" d={path} data-chosen />
        ))}
      {items.map(({ id, path, label, isChosen, toggle }, at) =>
        isChoosing ? (
          // biome-ignore lint/a11y/useSemanticElements: a button cannot stand in an SVG
          <path
            key={id}
            className="repaint-part"
            data-part={id}
            data-chosen={isChosen}
            d={path}
            role="button"
            tabIndex={at === Math.min(stop, items.length - 1) ? 0 : -1}
            aria-label={label}
            aria-pressed={isChosen}
            onFocus={() => setStop(at)}
            onClick={toggle}
            onKeyDown={event => {
              if ((event.key === 'Enter' && !event.ctrlKey && !event.metaKey) || event.key === ' ') {
                event.preventDefault()
                toggle()
              } else move(event, at)
            }}
          >
            <title>{label}</title>
          </path>
        ) : (
          <path key={id} className="repaint-part" d={path} data-chosen={isChosen} />
        ),
      )}
    </g>
  )
}

interface GroundProps {
  width: number
  height: number
  paths: readonly string[]
  isChosen: boolean
  isChoosing: boolean
}

/** All but the ink. A click beside it chooses it; for the keys it is in the bar. */
function Ground({ width, height, paths, isChosen, isChoosing }: GroundProps) {
  const mask = useId()
  return (
    <>
      <mask id={mask} maskUnits="userSpaceOnUse" x="0" y="0" width={width} height={height}>
        <rect width={width} height={height} fill="#fff" />
        <path d={paths.join('')} fill="#000" />
      </mask>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a shortcut of the pointer for the bar's button */}
      <rect
        className="repaint-ground"
        data-chosen={isChosen}
        width={width}
        height={height}
        mask={`url(#${mask})`}
        onClick={() => isChoosing && toggleGround()}
      />
    </>
  )
}
