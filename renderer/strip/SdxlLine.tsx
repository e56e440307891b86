import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useLanguage, useMessages } from '../i18n/index.ts'
import { bytesText } from '../models/sizes.ts'
import { useFacts } from '../store/facts.ts'
import { keep, recall } from '../store/keep.ts'
import { loadModels, useModels } from '../store/models.ts'
import { notifyError } from '../store/notices.ts'
import { useScreen } from '../store/screen.ts'
import { IconButton } from '../ui/parts.tsx'
import { CELL } from './cell.ts'

const KEY = 'zihua.sdxl-line-closed'
/** The most pictures in the strip that leave room for the line. */
const FEW = 4

/** Beside the first drafts: how to get SDXL. Hidden once it is closed or a model was added. */
export function SdxlLine({ pictures }: { pictures: number }) {
  const t = useMessages()
  const [closed, setClosed] = useState(() => recall<boolean>(KEY) === true)
  const info = useFacts(state => state.info)
  const language = useLanguage()
  const starter = useModels(state =>
    state.list?.downloads.find(one => one.starter === 'needed' && one.state !== 'there'),
  )
  useEffect(() => void loadModels().catch(notifyError), [])
  if (closed || pictures < 1 || pictures > FEW || !info?.models.every(({ builtIn }) => builtIn)) return null
  const close = () => {
    keep(KEY, true)
    setClosed(true)
  }
  return (
    <div className="strip-line" data-alone={pictures === 1} style={{ left: 24 + CELL * pictures }}>
      <p>
        {t.madeByDraft}{' '}
        {starter && (
          <>
            <button type="button" className="link" onClick={() => useScreen.getState().open('models')}>
              {t.modelsScreen.getSdxl(bytesText(starter.bytes, language))}
            </button>
            {' · '}
          </>
        )}
        <button type="button" className="link" onClick={() => useScreen.getState().open('settings')}>
          {t.howToGetSdxl}
        </button>
      </p>
      <IconButton icon={X} label={t.close} onClick={close} />
    </div>
  )
}
