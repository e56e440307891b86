import type { LucideIcon } from 'lucide-react'
import { ToggleGroup } from 'radix-ui'
import type { ReactNode } from 'react'
import { useKeyOf } from '../commands/use-key.ts'

interface IconButtonProps {
  icon: LucideIcon
  label: string
  /** The shortcut in the tooltip: a fixed one, or that of a command (commands.ts). */
  keys?: string
  act?: string
  pressed?: boolean
  disabled?: boolean
  danger?: boolean
  onClick(): void
}

/** An icon button; its label is its accessible name and its tooltip. */
export function IconButton({ icon: Icon, label, keys, act, pressed, disabled, danger, onClick }: IconButtonProps) {
  const own = useKeyOf(act)
  const key = own ?? keys
  return (
    <button
      type="button"
      className={danger ? 'icon-button danger' : 'icon-button'}
      data-act={act}
      aria-label={label}
      title={key ? `${label} (${key})` : label}
      disabled={disabled}
      onClick={onClick}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden />
    </button>
  )
}

/** A part of a panel: a heading, controls at the heading's right, and the content. */
export function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="section">
      <header className="section-head">
        <h3>{title}</h3>
        {aside}
      </header>
      {children}
    </section>
  )
}

export function Field({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="field">
      <span className="field-label">{label}</span>
      {children}
    </label>
  )
}

interface ChoiceProps<T extends string> {
  label: string
  value: T | ''
  options: readonly { value: T; label: ReactNode; name?: string }[]
  onChange(value: T): void
}

/** A choice among a few options that stand side by side. */
export function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  return (
    <ToggleGroup.Root
      type="single"
      className="choice"
      aria-label={label}
      value={value}
      onValueChange={next => next && onChange(next as T)}
    >
      {options.map(option => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className="choice-item"
          {...(option.name ? { 'aria-label': option.name, title: option.name } : {})}
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  )
}

export const Kbd = ({ children }: { children: ReactNode }) => <kbd className="kbd">{children}</kbd>

export function Check({ label, checked, onChange }: { label: string; checked: boolean; onChange(on: boolean): void }) {
  return (
    <label className="check">
      <input type="checkbox" checked={checked} onChange={event => onChange(event.target.checked)} />
      {label}
    </label>
  )
}

/** Names and values, one pair a line. */
export function Facts({ className, facts }: { className: string; facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={className}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
