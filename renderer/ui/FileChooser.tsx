import type { ComponentProps } from 'react'

type FileChooserProps = Omit<ComponentProps<'input'>, 'type' | 'onChange'> & { onFile(file: File): void }

/** A hidden file input: a button of ours opens the system's file dialog through its ref. */
export function FileChooser({ onFile, ...rest }: FileChooserProps) {
  return (
    <input
      {...rest}
      type="file"
      hidden
      onChange={event => {
        const file = event.target.files?.[0]
        if (file) onFile(file)
        // Otherwise choosing the same file again would be no change.
        event.target.value = ''
      }}
    />
  )
}
