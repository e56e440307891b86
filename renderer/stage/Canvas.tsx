import { type PointerEvent, useEffect, useId, useRef, useState } from 'react'
import type { Picture } from '../../core/host/api/library.ts'
import { useMessages } from '../i18n/index.ts'
import { useCanvas } from '../store/canvas.ts'
import { useCompose } from '../store/compose.ts'
import { useFacts } from '../store/facts.ts'
import { useLibrary } from '../store/library.ts'
import { useMaps } from '../store/maps.ts'
import { drawPictureMaps, usePictureMaps } from '../store/picture-maps.ts'
import { useRepaint } from '../store/repaint.ts'
import { isCovered, type Preview, useStage, zoom } from '../store/stage.ts'
import { giving } from '../store/start-picture.ts'
import { useStyleName } from '../store/styles.ts'
import { late } from '../ui/late.tsx'
import { Split } from './Split.tsx'

const BlocksEditor = late(() => import('../composition/BlocksEditor.tsx').then(part => part.BlocksEditor))
const RepaintLayer = late(() => import('../repaint/RepaintLayer.tsx').then(part => part.RepaintLayer))

/** The picture or its preview, and over it the compared picture, a map, the outline. */
export function Canvas() {
  const t = useMessages()
  const box = useRef<HTMLDivElement>(null)
  const available = useSize(box)
  const view = useStage(state => state.view)
  const pictureId = useStage(state => state.pictureId)
  const preview = useStage(state => state.preview)
  const picture = useLibrary(({ pictures }) => (pictureId ? pictures[pictureId] : undefined))
  const complete = useFacts(state => state.complete)
  const editing = useCanvas(state => state.editing)
  const isRepainting = useRepaint(state => state.on)
  const request = useCompose(({ present }) => present.request)
  const live = useStage(isCovered)
  const own = live ? null : (picture ?? null)
  // Blocks are moved on the canvas of the next picture, whatever the shape of the one behind them.
  const shape = editing ? null : own
  const width = shape?.width ?? request.width ?? complete?.width ?? 1
  const height = shape?.height ?? request.height ?? complete?.height ?? 1
  const fit = Math.min(available.width / width, available.height / height)
  const size = { width: Math.floor(width * fit), height: Math.floor(height * fit) }
  useWheel(box)
  const drag = useDrag()
  const styleName = useStyleName(own?.style ?? '')
  const label = own ? t.pictureOf(own.word ?? '', styleName) : ''
  const compared = useStage(state => state.comparison !== null)
  usePictureWord(own)
  return (
    <div className="canvas" ref={box} {...drag} data-zoomed={view.scale > 1}>
      <div
        className="sheet-of-paper"
        data-live={live}
        // A drag means something else where there is a dividing line or a zoomed picture.
        {...(own && !compared && !editing && !isRepainting && view.scale === 1 ? giving(own) : {})}
        data-editing={editing}
        style={{ ...size, transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})` }}
      >
        <Layers live={live ? preview : null} picture={own} label={label} />
        {own && isRepainting && <RepaintLayer picture={own} />}
        {editing && <BlocksEditor width={size.width} height={size.height} />}
      </div>
    </div>
  )
}

interface LayersProps {
  live: Preview | null
  picture: Picture | null
  label: string
}

function Layers({ live, picture, label }: LayersProps) {
  const comparison = useStage(state => state.comparison)
  const outline = useStage(state => state.outline)
  const url = live?.url ?? picture?.url ?? null
  return (
    <>
      {url ? <CrossFade url={url} label={label} fades={live?.fades ?? true} /> : <DraftOutline />}
      {url && comparison && <Split />}
      {url && outline && (picture ? <PictureOutline /> : <DraftOutline over />)}
      <Overlay />
    </>
  )
}

/** Fades a new picture in over the old one. */
function CrossFade({ url, label, fades }: { url: string; label: string; fades: boolean }) {
  const [layers, setLayers] = useState([{ url, fades }])
  useEffect(
    () => setLayers(before => (before.at(-1)?.url === url ? before : [...before.slice(-1), { url, fades }])),
    [url, fades],
  )
  return layers.map((layer, at) => (
    <img
      key={layer.url}
      className={layer.fades ? 'layer fade' : 'layer'}
      src={layer.url}
      alt={at === layers.length - 1 ? label : ''}
      draggable={false}
    />
  ))
}

/** Loads the picture's own outline and word when they are to be shown. */
function usePictureWord(picture: Picture | null) {
  const wanted = useStage(({ outline, comparison }) => outline || (comparison && comparison.kind !== 'picture'))
  useEffect(() => {
    if (picture && wanted) void drawPictureMaps(picture)
  }, [picture, wanted])
}

function DraftOutline({ over = false }: { over?: boolean }) {
  const outline = useMaps(state => state.outline)
  const canvas = useMaps(state => state.canvas)
  return <Outline className={over ? 'over' : 'hairline'} outline={outline} canvas={canvas} />
}

function PictureOutline() {
  const of = usePictureMaps(state => state.of)
  return of && <Outline className="over" outline={of.outline} canvas={of.canvas} />
}

interface OutlineProps {
  className: string
  outline: string
  canvas: { width: number; height: number }
}

/** Strokes of a font overlap: the inside of the word is masked out, so that only its outer edge is drawn. */
function Outline({ className, outline, canvas: { width, height } }: OutlineProps) {
  const mask = useId()
  if (!outline) return null
  return (
    <svg
      className={`layer outline ${className}`}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <mask id={mask} maskUnits="userSpaceOnUse" x="0" y="0" width={width} height={height}>
        <rect width={width} height={height} fill="#fff" />
        <path d={outline} fill="#000" />
      </mask>
      <g mask={`url(#${mask})`}>
        <path className="under" d={outline} vectorEffect="non-scaling-stroke" />
        <path d={outline} vectorEffect="non-scaling-stroke" />
      </g>
    </svg>
  )
}

/** The hovered or focused map at half strength. */
function Overlay() {
  const map = useMaps(({ hovered, focused, maps }) => ((hovered ?? focused) ? maps[(hovered ?? focused)!] : undefined))
  return map ? <img className="layer overlay" src={map.url} alt="" draggable={false} /> : null
}

function useSize(box: React.RefObject<HTMLDivElement | null>) {
  const [size, setSize] = useState({ width: 1, height: 1 })
  useEffect(() => {
    if (!box.current) return
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height })
    })
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [box])
  return size
}

/** React listens to wheels passively, so zooming could not keep the page from scrolling. */
function useWheel(box: React.RefObject<HTMLDivElement | null>) {
  useEffect(() => {
    const element = box.current
    const turn = (event: WheelEvent) => {
      event.preventDefault()
      zoom(Math.exp(-event.deltaY / 400))
    }
    element?.addEventListener('wheel', turn, { passive: false })
    return () => element?.removeEventListener('wheel', turn)
  }, [box])
}

function useDrag() {
  const from = useRef<{ x: number; y: number } | null>(null)
  return {
    onPointerDown(event: PointerEvent<HTMLDivElement>) {
      const { view } = useStage.getState()
      if (view.scale === 1 || event.button !== 0) return
      from.current = { x: event.clientX - view.x, y: event.clientY - view.y }
      event.currentTarget.setPointerCapture(event.pointerId)
    },
    onPointerMove({ clientX, clientY }: PointerEvent) {
      const start = from.current
      if (start) useStage.setState(({ view }) => ({ view: { ...view, x: clientX - start.x, y: clientY - start.y } }))
    },
    onPointerUp() {
      from.current = null
    },
    onPointerCancel() {
      from.current = null
    },
  }
}
