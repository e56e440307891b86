import { Slider as Track } from 'radix-ui'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useMessages } from '../i18n/index.ts'
import { isEnter } from './commit.ts'

interface SliderProps {
  label: string
  tip?: string
  value: number
  min: number
  max: number
  step: number
  /** The default of the style or the model: shown as a tick; a double click returns to it. */
  standard?: number
  digits?: number
  disabled?: boolean
  hideLabel?: boolean
  onCommit(value: number): void
  /** Called with each value while the slider is moved; onCommit is called once it is let go. */
  onLive?(value: number): void
  onReset?(): void
}

const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value))

/** A value between two ends: dragged, typed or moved with arrows (with shift in fifths of a step). It is committed when it is let go. */
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
  // A default that arrives while the slider is dragged must not move it back. Keys commit at once, so only the pointer counts.
  const isMoved = useRef(false)
  const letGo = () => {
    isMoved.current = false
  }
  useEffect(() => {
    if (!isMoved.current) setLive(value)
  }, [value])
  const reset = () => {
    if (onReset) onReset()
    else if (standard !== undefined) onCommit(standard)
  }
  // Radix moves ten steps with shift; here shift is for fine work.
  const fine = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key]
    if (!event.shiftKey || by === undefined) return
    event.preventDefault()
    event.stopPropagation()
    onCommit(clamp(tidy(value + (by * step) / 5), min, max))
  }
  const title = standard === undefined ? tip : `${tip ? `${tip}\n` : ''}${t.byDefault(t.decimal(standard, digits))}`
  return (
    <div className="slider" title={title}>
      {!hideLabel && <span className="slider-label">{label}</span>}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the slider inside takes focus and keys; this only adds shift and the double click */}
      <div
        className="slider-track-box"
        onDoubleClick={reset}
        onKeyDownCapture={fine}
        onPointerMoveCapture={event => setFine(event.shiftKey)}
        onPointerDownCapture={() => {
          isMoved.current = true
        }}
        onPointerUp={letGo}
        onPointerCancel={letGo}
      >
        {standard !== undefined && (
          <span className="slider-tick" style={{ left: `${((standard - min) / (max - min)) * 100}%` }} />
        )}
        <Track.Root
          className="slider-root"
          value={[live]}
          min={min}
          max={max}
          disabled={disabled}
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
      <NumberField
        label={label}
        value={live}
        min={min}
        max={max}
        step={step}
        digits={digits}
        disabled={disabled}
        onCommit={onCommit}
      />
    </div>
  )
}

/** Rounds away the error that adding decimal steps leaves. */
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

/** A number that is committed by Enter or on blur; what is no number is discarded. */
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
  const t = useMessages()
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
      value={text ?? t.decimal(value, digits)}
      onFocus={event => event.target.select()}
      onChange={event => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={event => {
        const by = { ArrowUp: 1, ArrowDown: -1 }[event.key]
        if (isEnter(event)) commit()
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
  /** Called with each span while a thumb is moved; onCommit is called once it is let go. */
  onLive?(start: number, end: number): void
}

/** The first and the last step that a map takes part in, as shares 0..1: two thumbs on one track. */
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
