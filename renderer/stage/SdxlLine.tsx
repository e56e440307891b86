import { X } from 'lucide-react'
import { useState } from 'react'
import { useMessages } from '../i18n/index.ts'
import { useFacts } from '../store/facts.ts'
import { keep, recall } from '../store/keep.ts'
import { useLibrary } from '../store/library.ts'
import { useScreen } from '../store/screen.ts'
import { useStage } from '../store/stage.ts'
import { IconButton } from '../ui/parts.tsx'

const KEY = 'zihua.sdxl-line-closed'

/** Under a draft: where full pictures come from. Gone for good once it is closed or a model of one's own is there. */
export function SdxlLine() {
  const t = useMessages()
  const [closed, setClosed] = useState(() => recall<boolean>(KEY) === true)
  const info = useFacts(state => state.info)
  const id = useStage(state => state.pictureId)
  const draft = useLibrary(({ pictures }) => pictures[id ?? '']?.draft ?? false)
  if (closed || !draft || !info?.models.every(({ builtIn }) => builtIn)) return null
  const close = () => {
    keep(KEY, true)
    setClosed(true)
  }
  return (
    <>
      <p>
        {t.madeByDraft}{' '}
        <button type="button" className="link" onClick={() => useScreen.getState().open('settings')}>
          {t.howToGetSdxl}
        </button>
      </p>
      <IconButton icon={X} label={t.close} onClick={close} />
    </>
  )
}
