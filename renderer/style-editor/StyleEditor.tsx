import { Copy, Download, Redo2, Trash2, Undo2 } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { LANGUAGES, SAMPLER_TITLES } from '../../core/contract/vocabulary.ts'
import { generateNow } from '../compose/generate-now.ts'
import { type Language, useLanguage, useMessages } from '../i18n/index.ts'
import { isDraftModel, useFacts } from '../store/facts.ts'
import { useSettings } from '../store/settings.ts'
import { deleteStyle, exportStyle } from '../store/styles.ts'
import { Field, IconButton, Section } from '../ui/parts.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { Slider } from '../ui/Slider.tsx'
import { ControlFields } from './ControlFields.tsx'
import { copyOf } from './draft.ts'
import { PaletteField } from './PaletteField.tsx'
import { Problems } from './Problems.tsx'
import { changeStyle, closeStyle, openStyle, redoStyle, saveAndClose, undoStyle, useStyleEditor } from './store.ts'
import { TemplateField } from './TemplateField.tsx'

/** The editor of a user's style. Nothing is stored before it is saved. */
export function StyleEditor() {
  const t = useMessages()
  const { present: style, saved } = useStyleEditor()
  const form = useRef<HTMLFormElement>(null)
  // By itself the dialog would focus its first button.
  useEffect(() => form.current?.querySelector<HTMLElement>('[data-first=true]')?.focus(), [])
  if (!style) return null
  const save = async () => {
    const isSaved = await saveAndClose()
    // The problems are rendered at their fields with the next frame.
    if (!isSaved) requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
    return isSaved
  }
  /** What is generated is what is on the screen, so an edited style is saved first. */
  const saveAndGenerate = async () => {
    if (await save()) generateNow()
  }
  /** In this sheet undo, redo and save are the editor's; the desk's would act behind it. */
  const keys = (event: KeyboardEvent) => {
    const key = event.key.toLowerCase()
    if (!event.ctrlKey && !event.metaKey) return
    event.stopPropagation()
    const acts = { z: event.shiftKey ? redoStyle : undoStyle, y: redoStyle, s: save, enter: saveAndGenerate }
    const act = acts[key as keyof typeof acts]
    if (!act) return
    event.preventDefault()
    void act()
  }
  return (
    <Sheet title={saved ? t.styleEdit : t.styleNew} place="side" onClose={closeStyle}>
      <form
        className="style-form"
        ref={form}
        noValidate
        onKeyDown={keys}
        onSubmit={event => {
          event.preventDefault()
          void save()
        }}
      >
        <StyleTools />
        <NameFields />
        <TemplateField />
        <Section title={t.negativePrompt}>
          <textarea
            aria-label={t.negativePrompt}
            rows={3}
            lang="en"
            value={style.negativePrompt}
            onChange={event => changeStyle({ negativePrompt: event.target.value }, 'negative')}
          />
          <Problems field="negativePrompt" />
        </Section>
        <ControlFields />
        <PictureSection />
        <PaletteField />
        <PenSection />
        <footer className="style-foot">
          <Problems field="" />
          <button type="submit" className="primary" aria-keyshortcuts="Control+S">
            <span>{t.save}</span>
            <kbd className="kbd" aria-hidden>
              Ctrl S
            </kbd>
          </button>
        </footer>
      </form>
    </Sheet>
  )
}

/** Commands for the whole style. */
function StyleTools() {
  const t = useMessages()
  const { saved, past, future } = useStyleEditor()
  return (
    <div className="style-tools">
      <IconButton icon={Undo2} label={t.undo} keys="Ctrl Z" disabled={past.length === 0} onClick={undoStyle} />
      <IconButton icon={Redo2} label={t.redo} keys="Ctrl Shift Z" disabled={future.length === 0} onClick={redoStyle} />
      {saved && (
        <span className="end">
          <IconButton icon={Copy} label={t.styleDuplicate} onClick={() => openStyle(copyOf(saved))} />
          <IconButton icon={Download} label={t.styleExport} onClick={() => void exportStyle(saved.id)} />
          <IconButton
            icon={Trash2}
            label={t.styleDelete}
            danger
            onClick={() => {
              closeStyle()
              void deleteStyle(saved)
            }}
          />
        </span>
      )}
    </div>
  )
}

function NameFields() {
  const t = useMessages()
  const name = useStyleEditor(({ present }) => present?.name)
  const own = useLanguage()
  if (!name) return null
  const languages = [own, ...LANGUAGES.filter(other => other !== own)]
  return (
    <Section title={t.name} aside={<span className="chosen">{t.nameHint}</span>}>
      {languages.map(language => (
        <div key={language}>
          <Field label={t.nameIn[language]}>
            <NameInput language={language} value={name[language]} first={language === own} />
          </Field>
          <Problems field={`name.${language}`} />
        </div>
      ))}
    </Section>
  )
}

interface NameInputProps {
  language: Language
  value: string
  first: boolean
}

function NameInput({ language, value, first }: NameInputProps) {
  const t = useMessages()
  const name = useStyleEditor(({ present }) => present?.name)
  const wrong = useStyleEditor(({ problems, tried }) =>
    problems.some(({ field, code }) => field === `name.${language}` && (code !== 'empty' || (tried && first))),
  )
  return (
    <input
      value={value}
      aria-label={`${t.name}: ${t.nameIn[language]}`}
      aria-invalid={wrong}
      aria-describedby={`style-name.${language}`}
      maxLength={120}
      data-first={first}
      onChange={event => name && changeStyle({ name: { ...name, [language]: event.target.value } }, `name ${language}`)}
    />
  )
}

function PictureSection() {
  const t = useMessages()
  const style = useStyleEditor(state => state.present)
  const model = useSettings(({ settings }) => settings.model)
  const isDraft = useFacts(facts => isDraftModel(facts, model))
  if (!style) return null
  return (
    <Section title={t.picture} aside={isDraft && <span className="chosen">{t.notForDraft}</span>}>
      <Field label={t.sampler}>
        <select
          value={style.sampler}
          onChange={event => changeStyle({ sampler: event.target.value as typeof style.sampler }, 'sampler')}
        >
          {Object.entries(SAMPLER_TITLES).map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </Field>
      <Slider
        label={t.steps}
        value={style.steps}
        min={1}
        max={60}
        step={1}
        digits={0}
        onCommit={steps => changeStyle({ steps: Math.round(steps) }, 'steps')}
      />
      <Slider
        label={t.guidance}
        tip={t.guidanceTip}
        value={style.guidance}
        min={0}
        max={20}
        step={0.5}
        digits={1}
        onCommit={guidance => changeStyle({ guidance }, 'guidance')}
      />
    </Section>
  )
}

function PenSection() {
  const t = useMessages()
  const pen = useStyleEditor(({ present }) => present?.scribble)
  if (!pen) return null
  const change = (part: Partial<typeof pen>) =>
    changeStyle({ scribble: { ...pen, ...part } }, `pen ${Object.keys(part)}`)
  return (
    <Section title={t.pen} aside={<span className="chosen">{t.penHint}</span>}>
      <Slider
        label={t.penWidth}
        value={pen.width}
        min={3}
        max={40}
        step={1}
        digits={0}
        onCommit={width => change({ width })}
      />
      <Slider
        label={t.penRoughness}
        value={pen.roughness}
        min={0}
        max={1}
        step={0.05}
        onCommit={roughness => change({ roughness })}
      />
      <Slider
        label={t.penDensity}
        value={pen.density}
        min={0}
        max={1}
        step={0.05}
        onCommit={density => change({ density })}
      />
    </Section>
  )
}
