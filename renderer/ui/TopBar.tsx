import {
  BookOpen,
  Command,
  Images,
  Keyboard,
  LayoutGrid,
  ListOrdered,
  type LucideIcon,
  Redo2,
  Settings,
  Undo2,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { runCommand } from '../commands/commands.ts'
import { useKeyOf } from '../commands/use-key.ts'
import { useMessages } from '../i18n/index.ts'
import { useCompose } from '../store/compose.ts'
import { isOpen, useQueue } from '../store/queue.ts'
import { useRepaint } from '../store/repaint.ts'
import { useScreen } from '../store/screen.ts'
import { NoticeLine } from './NoticeLine.tsx'
import { Choice, IconButton } from './parts.tsx'

export function TopBar() {
  const t = useMessages()
  const canUndo = useCan('past')
  const canRedo = useCan('future')
  const waiting = useQueue(({ jobs }) => jobs.filter(isOpen).length)
  const { gallery, tab, sheets, open } = useScreen()
  return (
    <header className="top">
      <span className="brand">
        <img src="./seal.svg" width="20" height="20" alt="" />
        <span>Zihua Studio</span>
      </span>
      <span className="top-group">
        <IconButton icon={Undo2} label={t.undo} act="undo" disabled={!canUndo} onClick={() => runCommand('undo')} />
        <IconButton icon={Redo2} label={t.redo} act="redo" disabled={!canRedo} onClick={() => runCommand('redo')} />
      </span>
      <span className="tabs">
        <Choice
          label={t.desk.stage}
          // Over the gallery none of them is shown, and each leads back to the desk.
          value={gallery ? '' : tab}
          onChange={next => useScreen.setState({ tab: next, gallery: false })}
          options={(['compose', 'stage', 'maps'] as const).map(value => ({ value, label: t.desk[value] }))}
        />
      </span>
      {/* Over a sheet it would be out of reach: the sheet shows it then. */}
      {sheets === 0 ? <NoticeLine /> : <div className="notice-place" />}
      <span className="top-group end">
        <WordButton icon={LayoutGrid} label={t.sets.title} act="sets" onClick={() => open('sets')} />
        <WordButton icon={ListOrdered} label={t.queue} act="queue" onClick={() => open('queue')}>
          {waiting > 0 && <span className="badge">{waiting}</span>}
        </WordButton>
        <WordButton
          icon={Images}
          label={t.gallery}
          act="gallery"
          pressed={gallery}
          onClick={() => useScreen.setState({ gallery: !gallery })}
        />
        <span className="top-group roomy">
          <IconButton icon={Command} label={t.commands} act="palette" onClick={() => open('palette')} />
          <IconButton icon={Keyboard} label={t.keys} act="keys" onClick={() => open('keys')} />
          <IconButton icon={BookOpen} label={t.guide} act="guide" onClick={() => open('guide')} />
        </span>
        <IconButton icon={Settings} label={t.settings} act="settings" onClick={() => open('settings')} />
      </span>
    </header>
  )
}

/** Whether there is something to undo or redo: of what was chosen while a part is painted again, else of the desk. */
function useCan(side: 'past' | 'future'): boolean {
  const onDesk = useCompose(state => state[side].length > 0)
  return useRepaint(({ on, chosen }) => (on ? chosen[side].length > 0 : null)) ?? onDesk
}

interface WordButtonProps {
  icon: LucideIcon
  label: string
  act: string
  pressed?: boolean
  onClick(): void
  children?: ReactNode
}

/** A button with an icon, and with its label beside it where there is room. */
function WordButton({ icon: Icon, label, act, pressed, onClick, children }: WordButtonProps) {
  const key = useKeyOf(act)
  return (
    <button
      type="button"
      className="plain"
      title={key ? `${label} (${key})` : label}
      onClick={onClick}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden />
      <span className="wide">{label}</span>
      {children}
    </button>
  )
}
