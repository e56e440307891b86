import { useMessages } from '../i18n/index.ts'
import { ColourList } from '../ui/ColourList.tsx'
import { Section } from '../ui/parts.tsx'
import { Problems } from './Problems.tsx'
import { changeStyle, useStyleEditor } from './store.ts'

const FEWEST = 2
const MOST = 12

/** Colours of the style, the background first: picked, or typed as #rrggbb. */
export function PaletteField() {
  const t = useMessages()
  const palette = useStyleEditor(({ present }) => present?.palette)
  if (!palette) return null
  return (
    <Section title={t.palette} aside={<span className="chosen">{t.paletteHint}</span>}>
      <ColourList
        colours={palette}
        fewest={FEWEST}
        most={MOST}
        onChange={(next, key) => changeStyle({ palette: next }, key)}
      />
      <Problems field="palette" />
    </Section>
  )
}
