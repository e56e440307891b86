import '@fontsource-variable/noto-sans/wght.css'
import '@fontsource-variable/noto-sans-sc/wght.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/desk.css'
import './styles/compose.css'
import './styles/stage.css'
import './styles/composition.css'
import './styles/repaint.css'
import './styles/maps.css'
import './styles/gallery.css'
import './styles/machine.css'
import './styles/models.css'
import './styles/sheets.css'
import './styles/sets.css'
import './styles/status.css'
import './styles/guide.css'
import './styles/menu.css'
import './styles/style-editor.css'
import './styles/forced-colors.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { showLanguage } from './i18n/index.ts'

function render(): void {
  const root = document.getElementById('root')
  if (!root) return
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}

// No other language flashes up before the chosen one. Not awaited here: its file needs this one to be done.
void showLanguage().then(render)
