/** The blocks over the stage, with handles. All that the pointer does, the keys do on the focused block or handle. */
import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import type { Block, Transform } from '../../core/contract/composition.ts'
import type { BlockView } from '../../core/host/api/maps.ts'
import { useMessages } from '../i18n/index.ts'
import {
  blocksOf,
  choose,
  duplicateBlock,
  layerBlock,
  removeBlock,
  transformBlock,
  useCanvas,
} from '../store/canvas.ts'
import { useCompose } from '../store/compose.ts'
import { useMaps } from '../store/maps.ts'
import { bendBlock, bendOf } from './bend.ts'
import { ARROWS, cornersOf, delta, limited, type Point, type Size, scaledBy, snapped, turnedBy } from './geometry.ts'
import { pointOf } from './hand.ts'
import { PenLayer } from './PenLayer.tsx'

export function BlocksEditor(size: Size) {
  const t = useMessages()
  const svg = useRef<SVGSVGElement>(null)
  const composition = useCompose(({ present }) => present.request.composition)
  const views = useMaps(state => state.blocks)
  const canvas = useMaps(state => state.canvas)
  const { chosen, tool, guides } = useCanvas()
  const blocks = blocksOf(composition)
  const shown = views.filter(({ index }) => blocks[index])
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot hold an SVG's own space
    <svg
      ref={svg}
      className="layer blocks-editor"
      viewBox={`0 0 ${canvas.width} ${canvas.height}`}
      preserveAspectRatio="none"
      role="group"
      aria-label={t.blocks.title}
      onPointerDown={event => event.target === event.currentTarget && choose(null)}
    >
      {shown.map(view => (
        <BlockShape
          key={view.index}
          view={view}
          block={blocks[view.index]}
          canvas={canvas}
          isChosen={chosen === view.index}
        />
      ))}
      {guides.x !== null && (
        <line className="guide" x1={guides.x * canvas.width} x2={guides.x * canvas.width} y2={canvas.height} />
      )}
      {guides.y !== null && (
        <line className="guide" y1={guides.y * canvas.height} y2={guides.y * canvas.height} x2={canvas.width} />
      )}
      {tool === 'move' && chosen !== null && blocks[chosen] && (
        <Handles
          at={chosen}
          block={blocks[chosen]}
          view={shown.find(({ index }) => index === chosen)}
          canvas={canvas}
          screen={size.width / canvas.width}
        />
      )}
      {tool !== 'move' && <PenLayer canvas={canvas} />}
    </svg>
  )
}

const STEP = { plain: 0.01, fine: 0.001 }
/** What a key does to a focused block; false where it means nothing here. */
function act(event: KeyboardEvent, at: number, { scale, rotation, x, y }: Transform): boolean {
  const step = event.shiftKey ? STEP.fine : STEP.plain
  const key = `keys ${at}`
  const arrow = ARROWS[event.key]
  if (arrow && !event.ctrlKey && !event.metaKey) {
    transformBlock(at, { x: round(x + arrow[0] * step), y: round(y + arrow[1] * step) }, key)
    return true
  }
  switch (event.key) {
    case '+':
    case '=':
    case '-': {
      const factor = event.key === '-' ? 1 / (1 + 4 * step) : 1 + 4 * step
      transformBlock(at, { scale: [limited(scale[0] * factor), limited(scale[1] * factor)] }, key)
      return true
    }
    case ',':
    case '<':
      transformBlock(at, { rotation: rotation - (event.shiftKey ? 1 : 5) }, key)
      return true
    case '.':
    case '>':
      transformBlock(at, { rotation: rotation + (event.shiftKey ? 1 : 5) }, key)
      return true
    case 'PageUp':
      layerBlock(at, 1)
      return true
    case 'PageDown':
      layerBlock(at, -1)
      return true
    case 'Delete':
    case 'Backspace':
      removeBlock(at)
      return true
    case 'd':
      duplicateBlock(at)
      return true
    case 'Escape':
      choose(null)
      return true
  }
  return false
}

const round = (v: number) => Math.min(4, Math.max(-4, Number(v.toFixed(4))))

interface ShapeProps {
  view: BlockView
  block: Block
  canvas: Size
  isChosen: boolean
}

function BlockShape({ view, block, canvas, isChosen }: ShapeProps) {
  const t = useMessages()
  const from = useRef<{ pointer: Point; transform: Transform } | null>(null)
  const { index } = view
  const move = (event: PointerEvent<SVGElement>) => {
    const start = from.current
    if (!start) return
    const [x, y] = pointOf(event, event, canvas)
    const others = blocksOf(useCompose.getState().present.request.composition).filter((_, i) => i !== index)
    const guides = { x: [0.5, ...others.map(o => o.transform.x)], y: [0.5, ...others.map(o => o.transform.y)] }
    const free = (value: number) => ({ value, guide: null })
    const wanted = [
      start.transform.x + (x - start.pointer[0]) / canvas.width,
      start.transform.y + (y - start.pointer[1]) / canvas.height,
    ]
    // Alt moves freely past the guides.
    const across = event.altKey ? free(wanted[0]) : snapped(wanted[0], guides.x)
    const down = event.altKey ? free(wanted[1]) : snapped(wanted[1], guides.y)
    useCanvas.setState({ guides: { x: across.guide, y: down.guide } })
    transformBlock(index, { x: round(across.value), y: round(down.value) }, `drag ${index}`)
  }
  const end = () => {
    from.current = null
    useCanvas.setState({ guides: { x: null, y: null } })
    useCompose.getState().seal()
  }
  const dragged = {
    onPointerDown: (event: PointerEvent<SVGElement>) => {
      if (event.button !== 0) return
      event.stopPropagation()
      event.currentTarget.setPointerCapture(event.pointerId)
      from.current = { pointer: pointOf(event, event, canvas), transform: block.transform }
      choose(index)
    },
    onPointerMove: move,
    onPointerUp: end,
    onPointerCancel: end,
  }
  return (
    <>
      {/* Between the lines of a motif, or of a thin letter, its frame is what a hand grips. */}
      {isChosen && (
        <polygon
          className="block-frame"
          points={pointsOf(cornersOf(view.frame, block.transform, canvas))}
          {...dragged}
        />
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: a button cannot stand in an SVG */}
      <path
        className="block-shape"
        data-kind={view.kind}
        data-chosen={isChosen}
        d={view.path}
        transform={delta(view.transform, block.transform, canvas)}
        role="button"
        tabIndex={0}
        aria-label={`${t.blocks.kinds[view.kind]}: ${view.name}`}
        aria-pressed={isChosen}
        aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown + - , . PageUp PageDown Delete d"
        onFocus={() => choose(index)}
        {...dragged}
        onKeyDown={event => {
          if (act(event, index, block.transform)) event.preventDefault()
        }}
      />
    </>
  )
}

const pointsOf = (corners: readonly Point[]): string => corners.map(corner => corner.join(',')).join(' ')

interface HandlesProps {
  at: number
  block: Block
  view: BlockView | undefined
  canvas: Size
  /** Pixels of the screen for one of the canvas. */
  screen: number
}

function Handles({ at, block, view, canvas, screen }: HandlesProps) {
  const t = useMessages()
  if (!view) return null
  const corners = cornersOf(view.frame, block.transform, canvas)
  const middle = (p: Point, q: Point): Point => [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2]
  const top = middle(corners[0], corners[1])
  const centre: Point = [block.transform.x * canvas.width, block.transform.y * canvas.height]
  const away = Math.max(1, Math.hypot(top[0] - centre[0], top[1] - centre[1]))
  const turner: Point = [
    top[0] + ((top[0] - centre[0]) / away) * (26 / screen),
    top[1] + ((top[1] - centre[1]) / away) * (26 / screen),
  ]
  const bend = middle(corners[2], corners[3])
  const keyed = (event: KeyboardEvent, change: (by: number) => void) => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    change(event.shiftKey ? by / 5 : by)
  }
  const handle = { screen, canvas }
  const { scale, rotation } = block.transform
  return (
    <g className="handles">
      <polygon points={pointsOf(corners)} />
      <line x1={top[0]} y1={top[1]} x2={turner[0]} y2={turner[1]} />
      {corners.map((corner, i) => (
        <Handle
          // biome-ignore lint/suspicious/noArrayIndexKey: corners have no other name
          key={i}
          {...handle}
          at={corner}
          label={t.blocks.handles.scale}
          value={Math.round(Math.abs(scale[0]) * 100)}
          onDrag={(from, to, event, start) =>
            transformBlock(at, scaledBy(start, from, to, event.shiftKey, canvas), `scale ${at}`)
          }
          onKey={event =>
            keyed(event, by => act({ ...event, key: by > 0 ? '+' : '-' } as KeyboardEvent, at, block.transform))
          }
          transform={block.transform}
        />
      ))}
      <Handle
        {...handle}
        at={turner}
        label={t.blocks.handles.turn}
        value={rotation}
        onDrag={(from, to, _, start) =>
          transformBlock(at, { rotation: turnedBy(start, from, to, canvas) }, `turn ${at}`)
        }
        onKey={event =>
          keyed(event, by => transformBlock(at, { rotation: Math.round(rotation + 5 * by) }, `turn ${at}`))
        }
        transform={block.transform}
      />
      <Handle
        {...handle}
        at={bend}
        shape="square"
        label={t.blocks.handles.bend}
        value={Math.round(bendOf(block))}
        onDrag={(from, to) =>
          bendBlock(at, bendOf(block, from) + ((from[1] - to[1]) / canvas.height) * 360, `bend ${at}`)
        }
        onKey={event => keyed(event, by => bendBlock(at, bendOf(block) + 10 * by, `bend ${at}`))}
        transform={block.transform}
      />
    </g>
  )
}

interface HandleProps {
  at: Point
  label: string
  value: number
  shape?: 'round' | 'square'
  screen: number
  canvas: Size
  transform: Transform
  onDrag(from: Point, to: Point, event: PointerEvent, start: Transform): void
  onKey(event: KeyboardEvent): void
}

function Handle({ at, label, value, shape = 'round', screen, canvas, transform, onDrag, onKey }: HandleProps) {
  const from = useRef<{ pointer: Point; transform: Transform } | null>(null)
  const size = 6 / screen
  const end = () => {
    from.current = null
    useCompose.getState().seal()
  }
  return (
    <rect
      className="handle"
      x={at[0] - size}
      y={at[1] - size}
      width={2 * size}
      height={2 * size}
      rx={shape === 'round' ? size : 0}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuenow={value}
      onPointerDown={event => {
        event.stopPropagation()
        event.currentTarget.setPointerCapture(event.pointerId)
        from.current = { pointer: pointOf(event, event, canvas), transform }
      }}
      onPointerMove={event => {
        if (from.current) onDrag(from.current.pointer, pointOf(event, event, canvas), event, from.current.transform)
      }}
      onPointerUp={end}
      onPointerCancel={end}
      onKeyDown={onKey}
    />
  )
}
