import { ImagePlus, X } from 'lucide-react'
import { useRef } from 'react'
import { useMessages } from '../i18n/index.ts'
import { useCompose } from '../store/compose.ts'
import { STANDARD_STRENGTH, startFromFile, taking } from '../store/start-picture.ts'
import { urlOfUpload } from '../store/uploads.ts'
import { FileChooser } from '../ui/FileChooser.tsx'
import { IconButton, Section } from '../ui/parts.tsx'
import { Slider } from '../ui/Slider.tsx'

/** Image to image: the picture to start from, and how much of it may change. */
export function StartField() {
  const t = useMessages()
  const path = useCompose(({ present }) => present.request.initImage ?? null)
  const strength = useCompose(({ present }) => present.request.strength ?? STANDARD_STRENGTH)
  const chooser = useRef<HTMLInputElement>(null)
  const { patch } = useCompose.getState()
  const choose = () => chooser.current?.click()
  const url = path && urlOfUpload(path)
  return (
    <Section
      title={t.start}
      aside={
        path && (
          <>
            <IconButton icon={ImagePlus} label={t.startReplace} onClick={choose} />
            <IconButton icon={X} label={t.startRemove} onClick={() => patch({ initImage: null })} />
          </>
        )
      }
    >
      <div
        className="start"
        data-set={path !== null}
        data-here={t.startHere}
        {...taking(file => void startFromFile(file))}
      >
        {path === null ? (
          <button type="button" className="start-empty" onClick={choose}>
            <ImagePlus size={16} strokeWidth={1.75} aria-hidden />
            {t.startChoose}
          </button>
        ) : (
          <>
            {url ? <img src={url} alt={t.start} /> : <span className="start-file">{path.split(/[\\/]/).at(-1)}</span>}
            <Slider
              label={t.startChange}
              tip={t.startChangeTip}
              value={strength}
              standard={STANDARD_STRENGTH}
              min={0.05}
              max={1}
              step={0.05}
              onCommit={value => patch({ strength: value })}
            />
          </>
        )}
      </div>
      <FileChooser ref={chooser} accept="image/*" data-choose="start" onFile={file => void startFromFile(file)} />
    </Section>
  )
}
