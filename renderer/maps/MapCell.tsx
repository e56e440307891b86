import { Download, Ear, ImagePlus, Power, Undo2 } from 'lucide-react'
import { useRef } from 'react'
import type { PreviewMap } from '../../core/api.ts'
import type { MapName, Method } from '../../core/contract.ts'
import { useMessages } from '../i18n/index.ts'
import { METHODS_OF } from '../lists.ts'
import { isHeard, useCompose } from '../store/compose.ts'
import { styleOf, useFacts } from '../store/facts.ts'
import { controlOf, uploadMap, useMaps } from '../store/maps.ts'
import { tell } from '../store/notices.ts'
import { IconButton } from '../ui/parts.tsx'
import { Slider, SpanSlider } from '../ui/Slider.tsx'

/** One map: what it looks like and how it takes part. */
export function MapCell({ map, number }: { map: MapName; number: number }) {
  const t = useMessages()
  const draft = useCompose(({ present }) => present)
  const style = useFacts(facts => styleOf(facts, draft.request.style))
  const preview = useMaps(({ maps }) => maps[map])
  const { control: change, resetControl } = useCompose.getState()
  const control = controlOf(draft, style, map)
  const heard = isHeard(draft, map)
  const focus = (focused: boolean) =>
    useMaps.setState(state => (focused ? { focused: map } : state.focused === map ? { focused: null } : {}))
  return (
    <article
      className="map"
      aria-label={t.map[map]}
      data-heard={heard}
      onFocus={() => focus(true)}
      onBlur={event => !event.currentTarget.contains(event.relatedTarget) && focus(false)}
    >
      <div className="map-frame">
        <MapPicture map={map} preview={preview} number={number} own={control.image} />
        <MapTools map={map} own={control.image} url={preview?.url} />
      </div>
      <MapHead map={map} heard={heard} />
      <select
        className="quiet"
        aria-label={`${t.map[map]}: ${t.method}`}
        value={control.method}
        disabled={control.image !== null}
        onChange={event => change(map, { method: event.target.value as Method })}
      >
        {METHODS_OF[map].map(method => (
          <option key={method} value={method}>
            {t.methods[method]}
          </option>
        ))}
      </select>
      <Slider
        hideLabel
        label={`${t.map[map]}: ${t.strength}`}
        tip={t.strengthTip}
        value={control.weight}
        min={0}
        max={2}
        step={0.05}
        disabled={!heard}
        standard={style?.controls[map].weight ?? 1}
        onCommit={weight => change(map, { weight })}
        onReset={() => resetControl(map)}
      />
      <SpanSlider
        label={`${t.map[map]}: ${t.span}`}
        start={control.start}
        end={control.end}
        disabled={!heard}
        onCommit={(start, end) => change(map, { start, end })}
      />
    </article>
  )
}

interface MapPictureProps {
  map: MapName
  preview: PreviewMap | undefined
  number: number
  own: string | null
}

/** The map itself; hovered or focused it lies over the stage. */
function MapPicture({ map, preview, number, own }: MapPictureProps) {
  const t = useMessages()
  const upload = useMaps(({ uploads }) => (own ? uploads[own] : undefined))
  const url = own ? upload : preview?.url
  const hover = (hovered: boolean) =>
    useMaps.setState(state => (hovered ? { hovered: map } : state.hovered === map ? { hovered: null } : {}))
  return (
    <button
      type="button"
      className="map-picture"
      data-map={map}
      aria-label={`${t.map[map]}: ${preview ? t.basis[preview.basis] : ''}`}
      title={`${t.mapTip[map]} (${number})`}
      onMouseEnter={() => hover(true)}
      onMouseLeave={() => hover(false)}
    >
      {url ? <img src={url} alt="" /> : <span className="map-empty" />}
      {preview && !own && <Legend preview={preview} />}
    </button>
  )
}

/** What the colours mean, most of them first. */
function Legend({ preview }: { preview: PreviewMap }) {
  const t = useMessages()
  const entries = preview.legend.filter(({ meaning }) => meaning !== 'paper').slice(0, 6)
  if (entries.length === 0) return null
  return (
    <span className="legend">
      {entries.map(({ colour, meaning, character }) => (
        <span key={colour.join()}>
          <i style={{ background: `rgb(${colour.join()})` }} />
          {t.legend[meaning] ?? meaning} {character}
        </span>
      ))}
    </span>
  )
}

interface MapToolsProps {
  map: MapName
  own: string | null
  url: string | undefined
}

/** A picture of one's own in, the drawn one out; they come up over the map as one points at it or tabs to it. */
function MapTools({ map, own, url }: MapToolsProps) {
  const t = useMessages()
  const chooser = useRef<HTMLInputElement>(null)
  const backToDrawn = () => useCompose.getState().control(map, { image: null })
  return (
    <div className="map-tools">
      {own ? (
        <IconButton icon={Undo2} label={`${t.map[map]}: ${t.backToDrawn}`} onClick={backToDrawn} />
      ) : (
        <IconButton
          icon={ImagePlus}
          label={`${t.map[map]}: ${t.ownPicture}`}
          onClick={() => chooser.current?.click()}
        />
      )}
      <input
        ref={chooser}
        type="file"
        accept="image/*"
        hidden
        onChange={event => {
          const file = event.target.files?.[0]
          if (file) uploadMap(map, file).catch(tell)
          event.target.value = ''
        }}
      />
      {url && (
        <a
          className="icon-button"
          href={url}
          download={`${map}.png`}
          aria-label={`${t.map[map]}: ${t.saveMap}`}
          title={t.saveMap}
        >
          <Download size={16} strokeWidth={1.75} aria-hidden />
        </a>
      )}
    </div>
  )
}

function MapHead({ map, heard }: { map: MapName; heard: boolean }) {
  const t = useMessages()
  const solo = useCompose(({ present }) => present.solo === map)
  const { edit } = useCompose.getState()
  const toggle = () =>
    edit(draft => ({
      ...draft,
      solo: null,
      off: draft.off.includes(map) ? draft.off.filter(other => other !== map) : [...draft.off, map],
    }))
  return (
    <header className="map-head">
      <h3 title={t.mapTip[map]}>{t.map[map]}</h3>
      <IconButton
        icon={Ear}
        label={`${t.map[map]}: ${t.solo}`}
        pressed={solo}
        onClick={() => edit(draft => ({ ...draft, solo: draft.solo === map ? null : map }))}
      />
      <IconButton icon={Power} label={`${t.map[map]}: ${t.on}`} pressed={heard} onClick={toggle} />
    </header>
  )
}
