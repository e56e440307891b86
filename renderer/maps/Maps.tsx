import { RotateCcw, SlidersVertical } from 'lucide-react'
import { useMessages } from '../i18n/index.ts'
import { MAP_ORDER } from '../lists.ts'
import { useCompose } from '../store/compose.ts'
import { useFacts } from '../store/facts.ts'
import { useMaps } from '../store/maps.ts'
import { useOwnMap } from '../store/own-map.ts'
import { nameOf } from '../store/styles.ts'
import { late } from '../ui/late.tsx'
import { Menu } from '../ui/Menu.tsx'
import { IconButton } from '../ui/parts.tsx'
import { Splitter } from '../ui/Splitter.tsx'
import { Fused } from './Fused.tsx'
import { MapCell } from './MapCell.tsx'
import { copyControls, PRESETS, type Preset, takePreset } from './presets.ts'

const MapView = late(() => import('./MapView.tsx').then(part => part.MapView))
const OwnMapSheet = late(() => import('./OwnMapSheet.tsx').then(part => part.OwnMapSheet))

export function Maps() {
  const t = useMessages()
  const full = useMaps(state => state.full)
  const replaced = useOwnMap(({ map }) => map)
  return (
    <section className="panel maps" aria-label={t.desk.maps}>
      <Splitter side="maps" />
      <header className="panel-head">
        <h2>{t.desk.maps}</h2>
        <Fused />
        <span className="head-tools">
          <StrengthsMenu />
          <IconButton
            icon={RotateCcw}
            label={`${t.desk.maps}: ${t.reset}`}
            onClick={() => useCompose.getState().resetControl()}
          />
        </span>
      </header>
      <div className="maps-grid">
        {MAP_ORDER.map((map, at) => (
          <MapCell key={map} map={map} number={at + 1} />
        ))}
      </div>
      {full && <MapView map={full} />}
      {replaced && <OwnMapSheet map={replaced} />}
    </section>
  )
}

/** Presets of strengths: the studio's, or those of any style. */
function StrengthsMenu() {
  const t = useMessages()
  const styles = useFacts(state => state.styles)
  return (
    <Menu
      icon={SlidersVertical}
      label={t.presets}
      groups={[
        (Object.keys(PRESETS) as Preset[]).map(name => ({
          id: `preset-${name}`,
          label: t.preset[name],
          run: () => takePreset(name),
        })),
        [
          {
            id: 'copy-from',
            label: t.copyFromStyle,
            items: styles.map(({ style }) => ({
              id: `copy-${style.id}`,
              label: nameOf(style),
              run: () => copyControls(style),
            })),
          },
          { id: 'style-own', label: t.backToStyle, run: () => useCompose.getState().resetControl() },
        ],
      ]}
    />
  )
}
