import type { ComponentProps } from 'react'

type FileChooserProps = Omit<ComponentProps<'input'>, 'type' | 'onChange'> & { onFile(file: File): void }

/** The system's file dialog. Nothing of it is seen: a button of ours clicks it through its ref. */
export function FileChooser({ onFile, ...rest }: FileChooserProps) {
  return (
    <input
      {...rest}
      type="file"
      hidden
      onChange={event => {
        const file = event.target.files?.[0]
        if (file) onFile(file)
        // The same file may be chosen again.
        event.target.value = ''
      }}
    />
  )
}
