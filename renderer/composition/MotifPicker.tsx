/** Motifs of the word's meaning, or of what is searched for: one by one, or set around the word by a layout. */
import { useEffect, useRef, useState } from 'react'
import { MOTIF_FORMS, MOTIF_LAYOUTS, type MotifForm, type MotifLayout } from '../../core/contract/vocabulary.ts'
import type { MotifView } from '../../core/host/api/maps.ts'
import { useLanguage, useMessages } from '../i18n/index.ts'
import { addMotif, addSvg, arrangeMotifs, findMotifs } from '../store/canvas.ts'
import { useCompose } from '../store/compose.ts'
import { useFacts } from '../store/facts.ts'
import { notifyError } from '../store/notices.ts'
import { useInView } from '../ui/in-view.ts'
import { Choice } from '../ui/parts.tsx'

/** Layouts of one large motif. */
const ONE_MOTIF: readonly MotifLayout[] = ['beside', 'behind']

export function MotifPicker() {
  const t = useMessages()
  const language = useLanguage()
  const word = useCompose(({ present }) => present.request.word ?? '')
  const meaning = useFacts(({ built }) => built?.meaning.text ?? '')
  const hasMotifs = useCompose(({ present }) =>
    present.request.composition?.blocks.some(({ kind }) => kind === 'motif'),
  )
  const off = useCompose(({ present }) => present.motifsOff ?? false)
  const [text, setText] = useState('')
  const [found, setFound] = useState<readonly MotifView[] | null>(null)
  const { element, inView } = useInView<HTMLDivElement>()
  const [form, setForm] = useState<MotifForm>('line')
  const [picked, setPicked] = useState<readonly string[]>([])
  const seed = useRef(0)
  const file = useRef<HTMLInputElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew for another word or meaning
  useEffect(() => {
    // Far down in its panel: not for every word that is typed while nobody sees it.
    if (!inView) return
    const wait = setTimeout(() => void findMotifs(text, setFound).catch(notifyError), 250)
    return () => clearTimeout(wait)
  }, [text, word, meaning, inView])
  const shown = found ?? []
  const nameOf = ({ names }: MotifView) => names[language]
  // Of another word's motifs, nothing stays picked.
  const chosen = shown.filter(({ emoji }) => picked.includes(emoji))
  const set = (layout: MotifLayout) => {
    const motifs = chosen.length > 0 ? chosen : shown.slice(0, ONE_MOTIF.includes(layout) ? 1 : 3)
    seed.current++
    arrangeMotifs(layout, motifs, form, seed.current, nameOf).catch(notifyError)
  }
  return (
    <div className="motifs" ref={element}>
      <input
        type="search"
        className="search"
        aria-label={t.blocks.searchMotifs}
        placeholder={t.blocks.searchMotifs}
        value={text}
        onChange={event => setText(event.target.value)}
      />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would draw a frame */}
      <div className="motif-grid" role="group" aria-label={t.blocks.motifs}>
        {shown.slice(0, 18).map(motif => (
          <button
            key={motif.emoji}
            type="button"
            className="motif"
            aria-label={nameOf(motif)}
            title={t.blocks.motifTip(nameOf(motif))}
            aria-pressed={picked.includes(motif.emoji)}
            onClick={() =>
              setPicked(picked.includes(motif.emoji) ? picked.filter(e => e !== motif.emoji) : [...picked, motif.emoji])
            }
            onDoubleClick={() => addMotif({ emoji: motif.emoji, form, weight: 400 }, nameOf(motif))}
          >
            <svg viewBox="-0.56 -0.56 1.12 1.12" aria-hidden="true">
              <path d={motif.path} />
            </svg>
          </button>
        ))}
        {found?.length === 0 && <p className="hint">{t.blocks.noMotifs}</p>}
      </div>
      <div className="field">
        <span className="field-label">{t.blocks.form}</span>
        <Choice
          label={t.blocks.form}
          value={form}
          onChange={(next: MotifForm) => setForm(next)}
          options={MOTIF_FORMS.map((value: MotifForm) => ({ value, label: t.blocks.forms[value] }))}
        />
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would draw a frame */}
      <div className="motif-layouts" role="group" aria-label={t.blocks.layout}>
        {MOTIF_LAYOUTS.map(layout => (
          <button
            key={layout}
            type="button"
            className="plain small"
            disabled={shown.length === 0}
            onClick={() => set(layout)}
          >
            {t.blocks.layouts[layout]}
          </button>
        ))}
      </div>
      <div className="blocks-tools">
        <button
          type="button"
          className="plain small"
          disabled={chosen.length === 0}
          onClick={() => {
            for (const motif of chosen) addMotif({ emoji: motif.emoji, form, weight: 400 }, nameOf(motif))
            setPicked([])
          }}
        >
          {t.blocks.addMotif}
        </button>
        <button type="button" className="plain small" onClick={() => file.current?.click()}>
          {t.blocks.svg}
        </button>
        <input
          ref={file}
          type="file"
          accept=".svg,image/svg+xml"
          hidden
          aria-label={t.blocks.svg}
          onChange={event => {
            const [chosen] = event.target.files ?? []
            event.target.value = ''
            if (chosen) addSvg(chosen).catch(notifyError)
          }}
        />
        {hasMotifs && (
          <label className="check">
            <input
              type="checkbox"
              checked={!off}
              onChange={event => {
                const motifsOff = !event.target.checked
                useCompose.getState().edit(draft => ({ ...draft, motifsOff }))
              }}
            />
            {t.blocks.motifs}
          </label>
        )}
      </div>
    </div>
  )
}
