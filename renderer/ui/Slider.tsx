import { Slider as Track } from 'radix-ui'
import { type KeyboardEvent, useEffect, useState } from 'react'
import { useMessages } from '../i18n/index.ts'

interface SliderProps {
  label: string
  tip?: string
  value: number
  min: number
  max: number
  step: number
  /** Where the style or the model puts it: a tick, and what a double click returns to. */
  standard?: number
  digits?: number
  disabled?: boolean
  hideLabel?: boolean
  onCommit(value: number): void
  /** Hears of the value while it is moved, before it counts. */
  onLive?(value: number): void
  onReset?(): void
}

const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value))

/** A value between two ends: dragged, typed or moved with arrows (with shift finely); it counts once it is let go. */
export function Slider(props: SliderProps) {
  const {
    label,
    tip,
    value,
    min,
    max,
    step,
    standard,
    digits = 2,
    disabled = false,
    hideLabel,
    onCommit,
    onLive,
    onReset,
  } = props
  const t = useMessages()
  const [live, setLive] = useState(value)
  const [isFine, setFine] = useState(false)
  useEffect(() => setLive(value), [value])
  const reset = () => {
    if (onReset) onReset()
    else if (standard !== undefined) onCommit(standard)
  }
  // Radix moves ten steps with shift; fine work wants a tenth.
  const fine = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key]
    if (!event.shiftKey || by === undefined) return
    event.preventDefault()
    event.stopPropagation()
    onCommit(clamp(tidy(value + (by * step) / 5), min, max))
  }
  const title = standard === undefined ? tip : `${tip ? `${tip}\n` : ''}${t.byDefault(standard.toFixed(digits))}`
  return (
    <div className="slider" title={title}>
      {!hideLabel && <span className="slider-label">{label}</span>}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the slider inside takes focus and keys; this only adds shift and the double click */}
      <div
        className="slider-track-box"
        onDoubleClick={reset}
        onKeyDownCapture={fine}
        onPointerMoveCapture={event => setFine(event.shiftKey)}
      >
        {standard !== undefined && (
          <span className="slider-tick" style={{ left: `${((standard - min) / (max - min)) * 100}%` }} />
        )}
        <Track.Root
          className="slider-root"
          value={[live]}
          {...{ min, max, disabled }}
          step={isFine ? step / 5 : step}
          onValueChange={([next]) => {
            setLive(tidy(next ?? min))
            onLive?.(tidy(next ?? min))
          }}
          onValueCommit={([next]) => onCommit(tidy(next ?? min))}
        >
          <Track.Track className="slider-track">
            <Track.Range className="slider-range" />
          </Track.Track>
          <Track.Thumb className="slider-thumb" aria-label={label} />
        </Track.Root>
      </div>
      <NumberField {...{ label, min, max, step, digits, disabled }} value={live} onCommit={onCommit} />
    </div>
  )
}

/** Without the tail that adding steps leaves. */
const tidy = (value: number) => Number(value.toFixed(4))

interface NumberFieldProps {
  label: string
  value: number
  min: number
  max: number
  step: number
  digits?: number
  disabled?: boolean
  onCommit(value: number): void
}

/** A number that counts on Enter or when one leaves it; nonsense returns to what it was. */
export function NumberField({
  label,
  value,
  min,
  max,
  step,
  digits = 0,
  disabled = false,
  onCommit,
}: NumberFieldProps) {
  const [text, setText] = useState<string | null>(null)
  const commit = () => {
    const typed = Number(text?.replace(',', '.'))
    setText(null)
    if (text?.trim() && Number.isFinite(typed) && typed !== value) onCommit(clamp(typed, min, max))
  }
  return (
    <input
      className="number"
      aria-label={label}
      inputMode="decimal"
      disabled={disabled}
      value={text ?? value.toFixed(digits)}
      onFocus={event => event.target.select()}
      onChange={event => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={event => {
        const by = { ArrowUp: 1, ArrowDown: -1 }[event.key]
        if (event.key === 'Enter') commit()
        else if (event.key === 'Escape' && text !== null) {
          event.preventDefault()
          setText(null)
        } else if (by !== undefined) {
          event.preventDefault()
          onCommit(clamp(tidy(value + by * (event.shiftKey ? step / 5 : step)), min, max))
        }
      }}
    />
  )
}

interface SpanProps {
  label: string
  start: number
  end: number
  disabled?: boolean
  onCommit(start: number, end: number): void
  /** Hears of the window while it is moved, before it counts. */
  onLive?(start: number, end: number): void
}

/** Which share of the steps something takes part in: two thumbs on one track. */
export function SpanSlider({ label, start, end, disabled = false, onCommit, onLive }: SpanProps) {
  const t = useMessages()
  const [live, setLive] = useState([start, end])
  useEffect(() => setLive([start, end]), [start, end])
  const percent = (share: number | undefined) => Math.round((share ?? 0) * 100)
  return (
    <div className="slider" title={label}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the mouse; the thumbs have keys of their own */}
      <div className="slider-track-box" onDoubleClick={() => onCommit(0, 1)}>
        <Track.Root
          className="slider-root"
          value={live}
          min={0}
          max={1}
          step={0.05}
          disabled={disabled}
          onValueChange={next => {
            setLive(next)
            onLive?.(next[0] ?? 0, next[1] ?? 1)
          }}
          onValueCommit={([from = 0, to = 1]) => onCommit(from, to)}
        >
          <Track.Track className="slider-track">
            <Track.Range className="slider-range" />
          </Track.Track>
          <Track.Thumb className="slider-thumb bar" aria-label={`${label}: ${t.spanStart}`} />
          <Track.Thumb className="slider-thumb bar" aria-label={`${label}: ${t.spanEnd}`} />
        </Track.Root>
      </div>
      <span className="span-text">
        {percent(live[0])}–{percent(live[1])}
      </span>
    </div>
  )
}
