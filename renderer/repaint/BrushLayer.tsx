/** Brushing a mask over the picture. */
import { useId, useState } from 'react'
import type { Size } from '../composition/geometry.ts'
import { useHand } from '../composition/hand.ts'
import { useMessages } from '../i18n/index.ts'
import { addBrush, type BrushStroke, useRepaint } from '../store/repaint.ts'
import { pathOf } from './mask.ts'

export function BrushLayer({ width, height }: Size) {
  const t = useMessages()
  const { tool, size: share } = useRepaint()
  const [live, setLive] = useState<BrushStroke | null>(null)
  const size = share * Math.min(width, height)
  const { props, cursor } = useHand({ width, height }, size / 2, {
    draw: (samples, isFirst) =>
      setLive(before => ({
        ...{ size, erases: tool === 'eraser' },
        points: [...(isFirst || !before ? [] : before.points), ...samples.map(({ at }) => at)],
      })),
    lift(cancelled) {
      if (live && !cancelled) addBrush(live)
      setLive(null)
    },
  })
  return (
    <>
      {live && <path className="brush-live" data-erases={live.erases} d={pathOf(live)} strokeWidth={live.size} />}
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it takes all keys itself, which is what the role says */}
      <rect
        className="pen-layer"
        width={width}
        height={height}
        role="application"
        aria-label={t.repaint.tools[tool]}
        aria-description={t.blocks.handKeys}
        {...props}
      />
      {cursor && <circle className="hand" cx={cursor.at[0]} cy={cursor.at[1]} r={size / 2} />}
    </>
  )
}

/** What is brushed so far. */
export function Brushed({ width, height }: Size) {
  const mask = useId()
  const brush = useRepaint(({ chosen }) => chosen.present.brush)
  if (brush.length === 0) return null
  return (
    <g className="brushed">
      <mask id={mask} maskUnits="userSpaceOnUse" x="0" y="0" width={width} height={height}>
        {brush.map((stroke, at) => (
          <path
            // biome-ignore lint/suspicious/noArrayIndexKey: a stroke is known by its place
            key={at}
            className="brush-stroke"
            d={pathOf(stroke)}
            strokeWidth={stroke.size}
            stroke={stroke.erases ? '#000' : '#fff'}
          />
        ))}
      </mask>
      <rect width={width} height={height} mask={`url(#${mask})`} />
    </g>
  )
}
