import { type ComponentType, type CSSProperties, useEffect, useState } from 'react'
import { bringBack } from './commands/import.ts'
import { Keys } from './commands/Keys.tsx'
import { listenToKeys } from './commands/listen.ts'
import { Palette } from './commands/Palette.tsx'
import { Compose } from './compose/Compose.tsx'
import { LANGUAGES, useLanguage, useMessages } from './i18n/index.ts'
import { Maps } from './maps/Maps.tsx'
import { Stage } from './stage/Stage.tsx'
import { listenToBack } from './store/back.ts'
import { listenToClipboard } from './store/clipboard.ts'
import { addFont, isFontFile } from './store/fonts.ts'
import { useLayout } from './store/layout.ts'
import { startOutside } from './store/outside.ts'
import { type Sheet, useScreen } from './store/screen.ts'
import { isSet, openSet } from './store/sets.ts'
import { useSettings } from './store/settings.ts'
import { start } from './store/start.ts'
import { importStyle } from './store/styles.ts'
import { FilmStrip } from './strip/FilmStrip.tsx'
import { late, loadParts } from './ui/late.tsx'
import { TopBar } from './ui/TopBar.tsx'

const closeSheet = () => useScreen.getState().open(null)
const closeGallery = () => useScreen.setState({ gallery: false })
const Gallery = late(() => import('./gallery/Gallery.tsx').then(part => part.Gallery), closeGallery)

/** What lies over the desk. Commands and keys are asked for while one types, so they are there from the start. */
const SHEETS: Readonly<Record<Sheet, ComponentType>> = {
  palette: Palette,
  keys: Keys,
  queue: late(() => import('./queue/QueueSheet.tsx').then(part => part.QueueSheet), closeSheet),
  sets: late(() => import('./sets/SetSheet.tsx').then(part => part.SetSheet), closeSheet),
  settings: late(() => import('./settings/SettingsSheet.tsx').then(part => part.SettingsSheet), closeSheet),
  status: late(() => import('./status/StatusSheet.tsx').then(part => part.StatusSheet), closeSheet),
  models: late(() => import('./models/ModelsSheet.tsx').then(part => part.ModelsSheet), closeSheet),
  guide: late(() => import('./guide/Guide.tsx').then(part => part.Guide), closeSheet),
  style: late(() => import('./style-editor/StyleEditor.tsx').then(part => part.StyleEditor), closeSheet),
  export: late(() => import('./export/ExportSheet.tsx').then(part => part.ExportSheet), closeSheet),
  comparison: late(() => import('./export/CompareSheet.tsx').then(part => part.CompareSheet), closeSheet),
}

export function App() {
  const t = useMessages()
  const { sheet, gallery, tab, host } = useScreen()
  useEffect(start, [])
  useEffect(listenToKeys, [])
  useEffect(listenToBack, [])
  useEffect(startOutside, [])
  useEffect(listenToClipboard, [])
  useEffect(loadParts, [])
  useLanguageAndTheme()
  const widths = usePanelWidths()
  const dropping = useDrop()
  const Open = sheet && SHEETS[sheet]
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
      {Open && <Open />}
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
  const language = useLanguage()
  const theme = useSettings(({ settings }) => settings.theme)
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
