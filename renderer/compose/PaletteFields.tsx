import { DEFAULT_STYLE, PALETTE_COLOURS } from '../../core/contract/vocabulary.ts'
import { api } from '../api.ts'
import { useMessages } from '../i18n/index.ts'
import { useCompose } from '../store/compose.ts'
import { useFacts } from '../store/facts.ts'
import { notifyError } from '../store/notices.ts'
import { useStage } from '../store/stage.ts'
import { ColourList } from '../ui/ColourList.tsx'
import { Check, Section } from '../ui/parts.tsx'

/** Colours that the picture is asked to have: the ground, then the inks. */
export function PaletteFields() {
  const t = useMessages()
  const palette = useCompose(({ present }) => present.request.palette ?? null)
  const id = useCompose(({ present }) => present.request.style ?? DEFAULT_STYLE)
  const style = useFacts(({ styles }) => styles.find(entry => entry.style.id === id)?.style)
  const pictureId = useStage(state => state.pictureId)
  const { patch } = useCompose.getState()
  const change = ([ground, ...inks]: readonly string[], key: string, hold = palette?.hold ?? false) =>
    patch({ palette: ground ? { ground, inks, hold } : null }, `palette ${key}`)
  const colours = palette ? [palette.ground, ...palette.inks].filter(colour => colour !== null) : []
  return (
    <Section
      title={t.palette}
      aside={
        <span className="links">
          {style && (
            <button
              type="button"
              className="link"
              onClick={() => change(style.palette.slice(0, PALETTE_COLOURS), 'of the style')}
            >
              {t.colours.ofStyle}
            </button>
          )}
          {pictureId && (
            <button
              type="button"
              className="link"
              onClick={() =>
                void api.library
                  .colours({ id: pictureId })
                  .then(colours => change(colours, 'of the picture'))
                  .catch(notifyError)
              }
            >
              {t.colours.ofPicture}
            </button>
          )}
        </span>
      }
    >
      {colours.length > 0 && <p className="hint">{t.paletteHint}</p>}
      <ColourList colours={colours} fewest={0} most={PALETTE_COLOURS} onChange={change} />
      {palette && (
        <Check label={t.colours.hold} checked={palette.hold} onChange={hold => change(colours, 'held', hold)} />
      )}
    </Section>
  )
}
