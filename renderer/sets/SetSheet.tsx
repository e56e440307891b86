import { Download, FolderOpen, X } from 'lucide-react'
import { type DragEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { keyOf } from '../commands/keys.ts'
import { useMessages } from '../i18n/index.ts'
import { downloadJson } from '../store/download.ts'
import { useScreen } from '../store/screen.ts'
import { currentDefinition, isReady, openSet, startSet, takeBackWords, useSets, watchSet } from '../store/sets.ts'
import { FileChooser } from '../ui/FileChooser.tsx'
import { IconButton } from '../ui/parts.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { EachFields } from './EachFields.tsx'
import { FileFields } from './FileFields.tsx'
import { MoreFields } from './MoreFields.tsx'
import { StyleChoice } from './StyleChoice.tsx'
import { Summary } from './Summary.tsx'
import { WordColumn } from './WordColumn.tsx'

/** The editor of an image set: words at the left, options in the middle, summary at the right. */
export function SetSheet() {
  const t = useMessages()
  const [dropping, setDropping] = useState(false)
  const words = useRef<HTMLTextAreaElement>(null)
  useEffect(watchSet, [])
  useKeys(words)
  // By itself the dialog would focus its first field, the name.
  useEffect(() => words.current?.focus(), [])
  const drag = (event: DragEvent, over: boolean) => {
    if (!event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    event.stopPropagation()
    setDropping(over)
  }
  const drop = (event: DragEvent) => {
    drag(event, false)
    const [file] = event.dataTransfer.files
    if (file) void openSet(file)
  }
  return (
    <Sheet title={t.sets.title} place="full" bare onClose={() => useScreen.getState().open(null)}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: files that are dropped on any field inside */}
      <div
        className="sets"
        data-dropping={dropping}
        onDragOver={event => drag(event, true)}
        onDragLeave={event => drag(event, false)}
        onDrop={drop}
      >
        <SetHead />
        <div className="sets-columns">
          <WordColumn field={words} />
          <div className="sets-fields">
            <StyleChoice />
            <EachFields />
            <FileFields />
            <MoreFields />
          </div>
          <Summary />
        </div>
        {dropping && <p className="sets-drop">{t.sets.drop}</p>}
      </div>
    </Sheet>
  )
}

/** In this sheet Ctrl+Enter starts the set, and undo is that of the text fields, which words that were not typed precede. */
function useKeys(words: RefObject<HTMLTextAreaElement | null>): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!event.ctrlKey && !event.metaKey) return
      if (event.key === 'Enter') {
        event.preventDefault()
        event.stopPropagation()
        if (isReady(useSets.getState())) void startSet()
        return
      }
      const key = keyOf(event) ?? ''
      if (/^Ctrl\+(?:Shift\+)?[zy]$/i.test(key)) event.stopPropagation()
      if (key === 'Ctrl+z' && event.target === words.current && takeBackWords()) event.preventDefault()
    }
    window.addEventListener('keydown', press, true)
    return () => window.removeEventListener('keydown', press, true)
  }, [words])
}

function SetHead() {
  const t = useMessages()
  const name = useSets(({ draft }) => draft.name)
  const picker = useRef<HTMLInputElement>(null)
  return (
    <header className="sheet-head sets-head">
      <h2>{t.sets.title}</h2>
      <input
        className="set-name"
        aria-label={t.sets.name}
        placeholder={t.sets.name}
        maxLength={120}
        value={name}
        onChange={event => useSets.getState().change({ name: event.target.value })}
      />
      <button type="button" className="plain" onClick={() => picker.current?.click()}>
        <FolderOpen size={16} strokeWidth={1.75} aria-hidden />
        <span className="wide">{t.sets.open}</span>
      </button>
      <FileChooser
        ref={picker}
        accept=".json,.csv,.tsv,.txt,.xlsx,.apkg,.colpkg"
        aria-label={t.sets.open}
        onFile={file => void openSet(file)}
      />
      <button type="button" className="plain" onClick={saveSet}>
        <Download size={16} strokeWidth={1.75} aria-hidden />
        <span className="wide">{t.sets.save}</span>
      </button>
      <IconButton icon={X} label={t.close} keys="Esc" onClick={() => useScreen.getState().open(null)} />
    </header>
  )
}

function saveSet(): void {
  const definition = currentDefinition()
  downloadJson(`${JSON.stringify(definition, null, 2)}\n`, `${definition.name ?? 'set'}.json`)
}
