import { X } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
import { useMessages } from '../i18n/index.ts'
import { addLayer } from '../store/back.ts'
import { useScreen } from '../store/screen.ts'
import { NoticeLine } from './NoticeLine.tsx'
import { IconButton } from './parts.tsx'

interface SheetProps {
  title: string
  /** Where the sheet lies: 'side' beside the desk, 'middle' for short lists, 'wide' for a picture, 'full' for a large form. */
  place: 'side' | 'middle' | 'wide' | 'full'
  bare?: boolean
  onClose(): void
  /** Keys pressed anywhere inside the sheet. */
  onKeyDown?(event: KeyboardEvent): void
  children: ReactNode
}

/** The browser's own dialog: it keeps the focus inside, closes on Escape and gives the focus back. */
export function Sheet({ title, place, bare = false, onClose, onKeyDown, children }: SheetProps) {
  const t = useMessages()
  const dialog = useRef<HTMLDialogElement>(null)
  const isPressedBeside = useRef(false)
  useEffect(() => {
    const before = document.activeElement
    dialog.current?.showModal()
    useScreen.setState(({ sheets }) => ({ sheets: sheets + 1 }))
    // As by Escape: its close event follows.
    const leave = addLayer(() => dialog.current?.close())
    return () => {
      leave()
      useScreen.setState(({ sheets }) => ({ sheets: sheets - 1 }))
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      className={`sheet ${place}`}
      aria-label={title}
      onClose={onClose}
      onKeyDown={onKeyDown}
      // A text that is selected beyond the edge of the sheet ends in a click on the dialog too.
      onPointerDown={event => {
        isPressedBeside.current = event.target === dialog.current
      }}
      onClick={event => event.target === dialog.current && isPressedBeside.current && onClose()}
    >
      <div className="sheet-body">
        {!bare && (
          <div className="sheet-head">
            <h2>{title}</h2>
            <IconButton icon={X} label={t.close} keys="Esc" onClick={onClose} />
          </div>
        )}
        <NoticeLine />
        {children}
      </div>
    </dialog>
  )
}
