import type { MapName, Method } from '../../core/contract/vocabulary.ts'
import { useMessages } from '../i18n/index.ts'
import { MAP_ORDER } from '../lists.ts'
import { MethodChoice } from '../maps/MethodChoice.tsx'
import { Section } from '../ui/parts.tsx'
import { Slider, SpanSlider } from '../ui/Slider.tsx'
import { changeStyle, useStyleEditor } from './store.ts'

/** Method, strength and span of the four maps in this style. */
export function ControlFields() {
  const t = useMessages()
  return (
    <Section title={t.desk.maps}>
      {MAP_ORDER.map(map => (
        <ControlRow key={map} map={map} />
      ))}
    </Section>
  )
}

function ControlRow({ map }: { map: MapName }) {
  const t = useMessages()
  const controls = useStyleEditor(({ present }) => present?.controls)
  if (!controls) return null
  const control = controls[map]
  const change = (part: { method?: Method; weight?: number; start?: number; end?: number }) =>
    changeStyle({ controls: { ...controls, [map]: { ...control, ...part } } }, `${map} ${Object.keys(part)}`)
  return (
    <fieldset className="style-control">
      <legend title={t.mapTip[map]}>{t.map[map]}</legend>
      <MethodChoice map={map} value={control.method} onChange={method => change({ method })} />
      <Slider
        hideLabel
        label={`${t.map[map]}: ${t.strength}`}
        tip={t.strengthTip}
        value={control.weight}
        min={0}
        max={2}
        step={0.05}
        onCommit={weight => change({ weight })}
      />
      <SpanSlider
        label={`${t.map[map]}: ${t.span}`}
        start={control.start}
        end={control.end}
        onCommit={(start, end) => change({ start, end })}
      />
    </fieldset>
  )
}
