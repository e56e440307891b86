import { useEffect, useState } from 'react'
import { listenToKeys } from './commands/commands.ts'
import { Keys } from './commands/Keys.tsx'
import { Palette } from './commands/Palette.tsx'
import { Compose } from './compose/Compose.tsx'
import { Gallery } from './gallery/Gallery.tsx'
import { LANGUAGES, messages, useMessages } from './i18n/index.ts'
import { Maps } from './maps/Maps.tsx'
import { QueueSheet } from './queue/QueueSheet.tsx'
import { SettingsSheet } from './settings/SettingsSheet.tsx'
import { Stage } from './stage/Stage.tsx'
import { importFile } from './store/library.ts'
import { say, tell } from './store/notices.ts'
import { useScreen } from './store/screen.ts'
import { useSettings } from './store/settings.ts'
import { start } from './store/start.ts'
import { FilmStrip } from './strip/FilmStrip.tsx'
import { NoticeLine } from './ui/NoticeLine.tsx'
import { TopBar } from './ui/TopBar.tsx'

export function App() {
  const t = useMessages()
  const { sheet, gallery, tab, connected } = useScreen()
  useEffect(start, [])
  useEffect(listenToKeys, [])
  useLanguageAndTheme()
  const dropping = useDrop()
  return (
    <div className="app" data-tab={tab}>
      <TopBar />
      {!connected && (
        <p className="lost" role="alert">
          {t.lost}
        </p>
      )}
      <main className="desk" inert={gallery} hidden={gallery}>
        <h1 className="visually-hidden">Zihua Studio</h1>
        <Compose />
        <Stage />
        <Maps />
        <FilmStrip />
      </main>
      {gallery && (
        <main className="desk-gallery">
          <h1 className="visually-hidden">Zihua Studio</h1>
          <Gallery />
        </main>
      )}
      {sheet === 'queue' && <QueueSheet />}
      {sheet === 'settings' && <SettingsSheet />}
      {sheet === 'palette' && <Palette />}
      {sheet === 'keys' && <Keys />}
      <NoticeLine />
      {dropping && <p className="drop">{t.dropHere}</p>}
    </div>
  )
}

function useLanguageAndTheme() {
  const { language, theme } = useSettings(({ settings }) => settings)
  useEffect(() => {
    document.documentElement.lang = LANGUAGES[language].tag
    document.documentElement.dataset['theme'] = theme
  }, [language, theme])
}

/** A picture that is dropped anywhere brings its settings back. */
function useDrop(): boolean {
  const [dropping, setDropping] = useState(false)
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      setDropping(true)
    }
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setDropping(false)
    }
    const drop = (event: DragEvent) => {
      event.preventDefault()
      setDropping(false)
      const file = event.dataTransfer?.files[0]
      if (!file) return
      importFile(file)
        .then(unmapped => {
          const t = messages()
          const rest = unmapped.length > 0 ? ` ${t.unmapped(unmapped.join(', '))}` : ''
          say(t.restored(file.name) + rest)
        })
        .catch(tell)
    }
    window.addEventListener('dragover', over)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', over)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
    }
  }, [])
  return dropping
}
