/** A picture of one's own before it replaces a map: how it will look, inverted, cleaned, fitted or cropped. */
import type { MapName } from '../../core/contract/vocabulary.ts'
import { PICTURE_FITS } from '../../core/contract/vocabulary.ts'
import { sentences, useLanguage, useMessages } from '../i18n/index.ts'
import { changeOwnMap, closeOwnMap, takeOwnMap, useOwnMap } from '../store/own-map.ts'
import { Check, Choice } from '../ui/parts.tsx'
import { Sheet } from '../ui/Sheet.tsx'

export function OwnMapSheet({ map }: { map: MapName }) {
  const t = useMessages()
  const language = useLanguage()
  const { shown, invert, clean, fit, problem } = useOwnMap()
  return (
    <Sheet title={`${t.map[map]}: ${t.ownMap.title}`} place="middle" onClose={closeOwnMap}>
      <form
        className="own-map"
        onSubmit={event => {
          event.preventDefault()
          void takeOwnMap()
        }}
      >
        <div className="own-map-picture" aria-busy={!shown && !problem}>
          {shown && <img src={shown.url} alt={t.ownMap.shown} />}
          {problem && (
            <p className="problem" role="alert">
              {sentences(problem, language)}
            </p>
          )}
        </div>
        <div className="field">
          <span className="field-label">{t.ownMap.fit}</span>
          <Choice
            label={t.ownMap.fit}
            value={fit}
            onChange={fit => changeOwnMap({ fit })}
            options={PICTURE_FITS.map(value => ({ value, label: t.ownMap.fits[value] }))}
          />
        </div>
        <Check
          label={t.ownMap.invert}
          checked={invert ?? shown?.inverted ?? false}
          onChange={invert => changeOwnMap({ invert })}
        />
        <Check
          label={t.ownMap.clean}
          checked={clean}
          // What was chosen for the picture as it was says nothing of its ink.
          onChange={clean => changeOwnMap({ clean, invert: null })}
        />
        <p className="hint">{t.ownMap.hint}</p>
        <button type="submit" className="primary" disabled={!shown}>
          {t.ownMap.take}
        </button>
      </form>
    </Sheet>
  )
}
