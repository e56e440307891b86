import type { LucideIcon } from 'lucide-react'
import { ChevronRight } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'

export interface MenuItem {
  id: string
  label: string
  icon?: LucideIcon
  danger?: boolean
  disabled?: boolean
  /** A submenu in place of an action. */
  items?: readonly MenuItem[]
  run?(): void
}

interface MenuProps {
  icon: LucideIcon
  label: string
  /** Groups of items with a hairline between them. */
  groups: readonly (readonly MenuItem[])[]
  open?: boolean
  onOpenChange?(open: boolean): void
  /** Whether Tab stops at its button; in a long list the menu key opens it. */
  stop?: boolean
}

/** A button that opens a menu of commands. */
export function Menu({ icon: Icon, label, groups, open, onOpenChange, stop = true }: MenuProps) {
  const controlled = { ...(open === undefined ? {} : { open }), ...(onOpenChange ? { onOpenChange } : {}) }
  return (
    // Not modal: a click elsewhere closes it and still counts, and nothing behind is hidden from a screen reader.
    <DropdownMenu.Root modal={false} {...controlled}>
      <DropdownMenu.Trigger className="icon-button" aria-label={label} title={label} tabIndex={stop ? undefined : -1}>
        <Icon size={16} strokeWidth={1.75} aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4} collisionPadding={12}>
          {groups
            .filter(items => items.length > 0)
            .map(items => (
              <DropdownMenu.Group key={items[0]?.id} className="menu-group">
                {items.map(item => (
                  <Item key={item.id} item={item} />
                ))}
              </DropdownMenu.Group>
            ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

function Item({ item: { id, label, icon: Icon, danger, disabled, items, run } }: { item: MenuItem }) {
  const face = (
    <>
      {Icon ? <Icon size={16} strokeWidth={1.75} aria-hidden /> : <span className="menu-gap" />}
      <span>{label}</span>
    </>
  )
  if (items)
    return (
      <DropdownMenu.Sub>
        <DropdownMenu.SubTrigger className="menu-item" disabled={disabled}>
          {face}
          <ChevronRight size={14} aria-hidden />
        </DropdownMenu.SubTrigger>
        <DropdownMenu.Portal>
          <DropdownMenu.SubContent className="menu" sideOffset={4} collisionPadding={12}>
            {items.map(inner => (
              <Item key={inner.id} item={inner} />
            ))}
          </DropdownMenu.SubContent>
        </DropdownMenu.Portal>
      </DropdownMenu.Sub>
    )
  return (
    <DropdownMenu.Item
      className={danger ? 'menu-item danger' : 'menu-item'}
      disabled={disabled}
      data-item={id}
      // After the menu has given the focus back, so that the command may move it.
      onSelect={() => queueMicrotask(() => run?.())}
    >
      {face}
    </DropdownMenu.Item>
  )
}
