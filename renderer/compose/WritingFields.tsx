import { useMessages } from '../i18n/index.ts'
import { useCompose } from '../store/compose.ts'
import { useMaps } from '../store/maps.ts'
import { Section } from '../ui/parts.tsx'
import { Slider } from '../ui/Slider.tsx'
import { DirectionChoice } from './DirectionChoice.tsx'
import { FontField } from './FontField.tsx'

/** How the word is written: font, weight, direction, margin. */
export function WritingFields() {
  const t = useMessages()
  const layout = useCompose(({ present }) => present.request.layout)
  const { layout: change } = useCompose.getState()
  return (
    <Section title={t.writing}>
      <div className="live-paper">
        <LiveGlyph />
      </div>
      <FontField />
      <DirectionChoice value={layout?.direction ?? 'horizontal'} onChange={direction => change({ direction })} />
      <Slider
        label={t.weight}
        value={layout?.weight ?? 700}
        min={100}
        max={900}
        step={50}
        standard={700}
        digits={0}
        onCommit={weight => change({ weight: Math.round(weight) })}
      />
      <Slider
        label={t.slant}
        value={layout?.slant ?? 0}
        min={-30}
        max={30}
        step={1}
        standard={0}
        digits={0}
        onCommit={slant => change({ slant })}
      />
      <Slider
        label={t.margin}
        value={layout?.margin ?? 0.08}
        min={0}
        max={0.4}
        step={0.01}
        standard={0.08}
        onCommit={margin => change({ margin })}
      />
    </Section>
  )
}

/** The word as it is laid out on the picture. */
function LiveGlyph() {
  const t = useMessages()
  const glyph = useMaps(state => state.glyph)
  if (!glyph) return null
  const { url, width, height } = glyph
  return (
    <span
      className="live-glyph"
      role="img"
      aria-label={t.glyph}
      style={{ aspectRatio: `${width} / ${height}`, maskImage: `url(${url})` }}
    />
  )
}
