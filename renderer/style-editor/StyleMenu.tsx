import { Copy, Download, Ellipsis, FilePlus, PencilLine, SquarePen, Trash2, Upload } from 'lucide-react'
import { useRef } from 'react'
import { DEFAULT_STYLE } from '../../core/contract/vocabulary.ts'
import { useMessages } from '../i18n/index.ts'
import { useCompose } from '../store/compose.ts'
import { useFacts } from '../store/facts.ts'
import { deleteStyle, exportStyle, importStyle } from '../store/styles.ts'
import { FileChooser } from '../ui/FileChooser.tsx'
import { Menu } from '../ui/Menu.tsx'
import { BLANK, copyOf, styleFromDesk } from './draft.ts'
import { openStyle } from './store.ts'

/** Commands to create, edit, export and import styles. */
export function StyleMenu() {
  const t = useMessages()
  const chooser = useRef<HTMLInputElement>(null)
  const id = useCompose(({ present }) => present.request.style ?? DEFAULT_STYLE)
  const listed = useFacts(({ styles }) => styles.find(({ style }) => style.id === id))
  const style = listed?.style
  const own = listed?.origin === 'user'
  return (
    <>
      <Menu
        icon={Ellipsis}
        label={t.styleMenu}
        groups={[
          [
            {
              id: 'from-desk',
              label: t.styleFromDesk,
              icon: SquarePen,
              disabled: !style,
              run: () => openStyle(styleFromDesk()),
            },
            { id: 'blank', label: t.styleBlank, icon: FilePlus, run: () => openStyle(BLANK) },
          ],
          style
            ? [
                ...(own
                  ? [{ id: 'edit', label: t.styleEdit, icon: PencilLine, run: () => openStyle(style, true) }]
                  : []),
                { id: 'duplicate', label: t.styleDuplicate, icon: Copy, run: () => openStyle(copyOf(style)) },
                { id: 'export', label: t.styleExport, icon: Download, run: () => void exportStyle(style.id) },
                ...(own
                  ? [
                      {
                        id: 'delete',
                        label: t.styleDelete,
                        icon: Trash2,
                        danger: true,
                        run: () => void deleteStyle(style),
                      },
                    ]
                  : []),
              ]
            : [],
          [{ id: 'import', label: t.styleImport, icon: Upload, run: () => chooser.current?.click() }],
        ]}
      />
      <FileChooser
        ref={chooser}
        accept=".json,application/json"
        data-choose="style"
        onFile={file => void importStyle(file)}
      />
    </>
  )
}
