import { Plus, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import { useMessages } from '../i18n/index.ts'
import { useCompose } from '../store/compose.ts'
import { useFacts } from '../store/facts.ts'
import { addFont, lookForLacking, removeFont, useLacking } from '../store/fonts.ts'
import { FileChooser } from '../ui/FileChooser.tsx'
import { Field, IconButton } from '../ui/parts.tsx'
import { familyOf } from './fonts.ts'

/** The word's font: those of the studio, the designer's own and the system's, each in its letters and with what it lacks. */
export function FontField() {
  const t = useMessages()
  const layout = useCompose(({ present }) => present.request.layout)
  const fonts = useFacts(state => state.fonts)
  const lacking = useLacking(state => state.lacking)
  const { layout: change } = useCompose.getState()
  const picker = useRef<HTMLInputElement>(null)
  // The families' CSS is loaded, and the fonts are looked into, once the list is about to be opened.
  const [previews, setPreviews] = useState(false)
  const open = () => {
    setPreviews(true)
    void lookForLacking()
  }
  const groups = [
    [t.fontBundled, 'bundled'],
    [t.fontOwn, 'own'],
    [t.fontSystem, 'system'],
  ] as const
  const mark = (id: string) => {
    const count = lacking[id]
    if (count === null) return ` — ${t.fontUnread}`
    return count ? ` — ${t.fontLacks(count)}` : ''
  }
  const chosen = fonts.find(({ id }) => id === layout?.font)
  return (
    <>
      <div className="font-row">
        <Field label={t.font}>
          <select
            onPointerEnter={open}
            onFocus={open}
            value={layout?.font ?? ''}
            onChange={event => change({ font: event.target.value || null })}
          >
            <option value="">{t.fontAuto}</option>
            {groups.map(([label, source]) => {
              const list = fonts.filter(font => font.source === source)
              return (
                list.length > 0 && (
                  <optgroup key={source} label={label}>
                    {list.map(({ id, family }) => (
                      <option key={id} value={id} style={previews ? { fontFamily: familyOf(fonts, id) } : {}}>
                        {family + mark(id)}
                      </option>
                    ))}
                  </optgroup>
                )
              )
            })}
          </select>
        </Field>
        {chosen?.source === 'own' && (
          <IconButton
            icon={Trash2}
            label={t.fontRemove(chosen.family)}
            onClick={() => void removeFont(chosen.family)}
          />
        )}
        <IconButton icon={Plus} label={t.fontAdd} onClick={() => picker.current?.click()} />
        <FileChooser
          ref={picker}
          accept=".ttf,.otf,.ttc,.otc"
          aria-label={t.fontAdd}
          onFile={file => void addFont(file)}
        />
      </div>
      {layout?.font && (
        <div className="field">
          <span className="field-label" />
          <label className="check">
            <input
              type="checkbox"
              checked={layout.fallback ?? false}
              onChange={event => change({ fallback: event.target.checked })}
            />
            {t.fontFallback}
          </label>
        </div>
      )}
    </>
  )
}
