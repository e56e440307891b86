import { type CSSProperties, useEffect, useState } from 'react'
import { bringBack } from './commands/import.ts'
import { Keys } from './commands/Keys.tsx'
import { listenToKeys } from './commands/listen.ts'
import { Palette } from './commands/Palette.tsx'
import { Compose } from './compose/Compose.tsx'
import { CompareSheet } from './export/CompareSheet.tsx'
import { ExportSheet } from './export/ExportSheet.tsx'
import { Gallery } from './gallery/Gallery.tsx'
import { Guide } from './guide/Guide.tsx'
import { LANGUAGES, useMessages } from './i18n/index.ts'
import { Maps } from './maps/Maps.tsx'
import { ModelsSheet } from './models/ModelsSheet.tsx'
import { QueueSheet } from './queue/QueueSheet.tsx'
import { SetSheet } from './sets/SetSheet.tsx'
import { SettingsSheet } from './settings/SettingsSheet.tsx'
import { Stage } from './stage/Stage.tsx'
import { StatusSheet } from './status/StatusSheet.tsx'
import { listenToClipboard } from './store/clipboard.ts'
import { addFont, isFontFile } from './store/fonts.ts'
import { useLayout } from './store/layout.ts'
import { startOutside } from './store/outside.ts'
import { useScreen } from './store/screen.ts'
import { isSet, openSet } from './store/sets.ts'
import { useSettings } from './store/settings.ts'
import { start } from './store/start.ts'
import { importStyle } from './store/styles.ts'
import { FilmStrip } from './strip/FilmStrip.tsx'
import { StyleEditor } from './style-editor/StyleEditor.tsx'
import { TopBar } from './ui/TopBar.tsx'

export function App() {
  const t = useMessages()
  const { sheet, gallery, tab, host } = useScreen()
  useEffect(start, [])
  useEffect(listenToKeys, [])
  useEffect(startOutside, [])
  useEffect(listenToClipboard, [])
  useLanguageAndTheme()
  const widths = usePanelWidths()
  const dropping = useDrop()
  return (
    <div className="app" data-tab={tab}>
      <TopBar />
      {host !== 'connected' && (
        <p className="lost" role="alert">
          {host === 'lost' ? t.lost : t.openNewAddress(`${window.location.origin}/?token=…`)}
        </p>
      )}
      <main className="desk" inert={gallery} hidden={gallery} style={widths}>
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
      {sheet === 'sets' && <SetSheet />}
      {sheet === 'settings' && <SettingsSheet />}
      {sheet === 'status' && <StatusSheet />}
      {sheet === 'models' && <ModelsSheet />}
      {sheet === 'palette' && <Palette />}
      {sheet === 'keys' && <Keys />}
      {sheet === 'guide' && <Guide />}
      {sheet === 'style' && <StyleEditor />}
      {sheet === 'export' && <ExportSheet />}
      {sheet === 'comparison' && <CompareSheet />}
      {dropping && <p className="drop">{t.dropHere}</p>}
    </div>
  )
}

/** Chosen widths of the side panels, for the grid of desk.css. */
function usePanelWidths(): CSSProperties {
  const { compose, maps } = useLayout()
  return {
    ...(compose === null ? {} : { '--compose': `${compose}px` }),
    ...(maps === null ? {} : { '--maps': `${maps}px` }),
  } as CSSProperties
}

function useLanguageAndTheme() {
  const { language, theme } = useSettings(({ settings }) => settings)
  useEffect(() => {
    document.documentElement.lang = LANGUAGES[language].tag
    document.documentElement.dataset['theme'] = theme
  }, [language, theme])
}

/** Decides by name and content what a dropped file is: a set, a font, a style or a picture. */
async function takeFile(file: File): Promise<void> {
  if (await isSet(file)) {
    useScreen.getState().open('sets')
    await openSet(file)
  } else if (isFontFile(file.name)) await addFont(file)
  else if (/\.json$/i.test(file.name)) await importStyle(file)
  else await bringBack(file)
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
      setDropping(false)
      // A field under the pointer has taken it.
      if (event.defaultPrevented) return
      event.preventDefault()
      const file = event.dataTransfer?.files[0]
      if (!file) return
      void takeFile(file)
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
