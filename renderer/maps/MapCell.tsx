import { CircleDot, Download, ImagePlus, Power, Undo2 } from 'lucide-react'
import { useRef } from 'react'
import type { MapName } from '../../core/contract/vocabulary.ts'
import { useMessages } from '../i18n/index.ts'
import { isActive, useCompose } from '../store/compose.ts'
import { styleOf, useFacts } from '../store/facts.ts'
import { controlOf, saveMap, setLive, useMaps, useMapsDraft, useWriting } from '../store/maps.ts'
import { notifyError } from '../store/notices.ts'
import { openOwnMap } from '../store/own-map.ts'
import { taking } from '../store/start-picture.ts'
import { urlOfUpload } from '../store/uploads.ts'
import { FileChooser } from '../ui/FileChooser.tsx'
import { IconButton } from '../ui/parts.tsx'
import { Slider, SpanSlider } from '../ui/Slider.tsx'
import { Legend } from './Legend.tsx'
import { MethodChoice } from './MethodChoice.tsx'

/** One map: its picture, method, strength and span. */
export function MapCell({ map, number }: { map: MapName; number: number }) {
  const t = useMessages()
  const draft = useMapsDraft()
  const style = useFacts(facts => styleOf(facts, draft.request.style))
  const { control: change, resetControl } = useCompose.getState()
  const control = controlOf(draft, style, map)
  const heard = isActive(draft, map)
  const focus = (focused: boolean) =>
    useMaps.setState(state => (focused ? { focused: map } : state.focused === map ? { focused: null } : {}))
  return (
    <article
      className="map"
      aria-label={t.map[map]}
      data-active={heard}
      onFocus={() => focus(true)}
      onBlur={event => !event.currentTarget.contains(event.relatedTarget) && focus(false)}
    >
      <div
        className="map-frame"
        data-here={t.dropOnMap}
        {...taking(file => {
          openOwnMap(map, file).catch(notifyError)
        })}
      >
        <MapPicture map={map} number={number} own={control.image} />
        <MapTools map={map} own={control.image} />
      </div>
      <MapHead map={map} heard={heard} />
      <MethodChoice
        map={map}
        className="quiet"
        value={control.method}
        disabled={control.image !== null}
        onChange={method => change(map, { method })}
      />
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
        onLive={weight => setLive(map, { weight })}
        onCommit={weight => change(map, { weight })}
        onReset={() => resetControl(map)}
      />
      <SpanSlider
        label={`${t.map[map]}: ${t.span}`}
        start={control.start}
        end={control.end}
        disabled={!heard}
        onLive={(start, end) => setLive(map, { start, end })}
        onCommit={(start, end) => change(map, { start, end })}
      />
    </article>
  )
}

interface MapPictureProps {
  map: MapName
  number: number
  own: string | null
}

/** The map's picture; on hover or focus the stage shows it as an overlay. */
function MapPicture({ map, number, own }: MapPictureProps) {
  const t = useMessages()
  const preview = useMaps(({ maps }) => maps[map])
  // Nothing is said while maps are being drawn: they are there in a moment.
  const why = { nothing: t.mapEmpty, refused: t.mapNoWord, written: '' }[useWriting()]
  const url = own ? urlOfUpload(own) : preview?.url
  const hover = (hovered: boolean) =>
    useMaps.setState(state => (hovered ? { hovered: map } : state.hovered === map ? { hovered: null } : {}))
  return (
    <button
      type="button"
      className="map-picture"
      data-map={map}
      aria-label={`${t.map[map]}: ${preview ? t.basis[preview.basis] : ''}`}
      title={`${t.mapTip[map]} (${number})\n${t.mapFull}`}
      onClick={() => useMaps.setState({ full: map })}
      onMouseEnter={() => hover(true)}
      onMouseLeave={() => hover(false)}
    >
      {url ? <img src={url} alt="" decoding="sync" /> : <span className="map-empty">{why}</span>}
      {preview && !own && <Legend preview={preview} most={6} />}
    </button>
  )
}

interface MapToolsProps {
  map: MapName
  own: string | null
}

/** Replace the map by an own picture, go back to the drawn one, save it; shown on hover or focus. */
function MapTools({ map, own }: MapToolsProps) {
  const t = useMessages()
  const drawn = useMaps(({ maps }) => maps[map] !== undefined)
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
      <FileChooser ref={chooser} accept="image/*" onFile={file => openOwnMap(map, file).catch(notifyError)} />
      {(drawn || own) && (
        <IconButton icon={Download} label={`${t.map[map]}: ${t.saveMap}`} onClick={() => saveMap(map)} />
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
        icon={CircleDot}
        label={`${t.map[map]}: ${t.solo}`}
        pressed={solo}
        onClick={() => edit(draft => ({ ...draft, solo: draft.solo === map ? null : map }))}
      />
      <IconButton icon={Power} label={`${t.map[map]}: ${t.on}`} pressed={heard} onClick={toggle} />
    </header>
  )
}
