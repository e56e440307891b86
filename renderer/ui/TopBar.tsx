import { Command, Images, Keyboard, LayoutGrid, ListOrdered, Redo2, Settings, Undo2 } from 'lucide-react'
import { useMessages } from '../i18n/index.ts'
import { useCompose } from '../store/compose.ts'
import { isOpen, useQueue } from '../store/queue.ts'
import { useScreen } from '../store/screen.ts'
import { Choice, IconButton } from './parts.tsx'

export function TopBar() {
  const t = useMessages()
  const canUndo = useCompose(({ past }) => past.length > 0)
  const canRedo = useCompose(({ future }) => future.length > 0)
  const waiting = useQueue(({ jobs }) => jobs.filter(isOpen).length)
  const { gallery, tab, open } = useScreen()
  return (
    <header className="top">
      <span className="brand">
        <img src="./seal.svg" width="20" height="20" alt="" />
        <span>Zihua Studio</span>
      </span>
      <span className="top-group">
        <IconButton
          icon={Undo2}
          label={t.undo}
          keys="Ctrl Z"
          disabled={!canUndo}
          onClick={() => useCompose.getState().undo()}
        />
        <IconButton
          icon={Redo2}
          label={t.redo}
          keys="Ctrl Shift Z"
          disabled={!canRedo}
          onClick={() => useCompose.getState().redo()}
        />
      </span>
      <span className="tabs">
        <Choice
          label={t.desk.stage}
          value={tab}
          onChange={next => useScreen.setState({ tab: next })}
          options={(['compose', 'stage', 'maps'] as const).map(value => ({ value, label: t.desk[value] }))}
        />
      </span>
      <span className="top-group end">
        <button type="button" className="plain" onClick={() => open('sets')} title={`${t.sets.title} (S)`}>
          <LayoutGrid size={16} strokeWidth={1.75} aria-hidden />
          <span className="wide">{t.sets.title}</span>
        </button>
        <button type="button" className="plain" onClick={() => open('queue')} title={`${t.queue} (Q)`}>
          <ListOrdered size={16} strokeWidth={1.75} aria-hidden />
          <span className="wide">{t.queue}</span>
          {waiting > 0 && <span className="badge">{waiting}</span>}
        </button>
        <button
          type="button"
          className="plain"
          aria-pressed={gallery}
          onClick={() => useScreen.setState({ gallery: !gallery })}
          title={`${t.gallery} (G)`}
        >
          <Images size={16} strokeWidth={1.75} aria-hidden />
          <span className="wide">{t.gallery}</span>
        </button>
        <span className="top-group roomy">
          <IconButton icon={Command} label={t.commands} keys="Ctrl K" onClick={() => open('palette')} />
          <IconButton icon={Keyboard} label={t.keys} keys="?" onClick={() => open('keys')} />
        </span>
        <IconButton icon={Settings} label={t.settings} keys="Ctrl ," onClick={() => open('settings')} />
      </span>
    </header>
  )
}
