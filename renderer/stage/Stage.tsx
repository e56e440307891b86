import { useMessages } from '../i18n/index.ts'
import { useFacts } from '../store/facts.ts'
import { useLibrary } from '../store/library.ts'
import { useWriting } from '../store/maps.ts'
import { isOpen, useQueue } from '../store/queue.ts'
import { useRepaint } from '../store/repaint.ts'
import { useStage } from '../store/stage.ts'
import { late } from '../ui/late.tsx'
import { Canvas } from './Canvas.tsx'
import { Progress } from './Progress.tsx'
import { Toolbar } from './Toolbar.tsx'
import { Versions } from './Versions.tsx'

const RepaintBar = late(() => import('../repaint/RepaintBar.tsx').then(part => part.RepaintBar))

export function Stage() {
  const t = useMessages()
  const shown = useStage(state => state.pictureId)
  const picture = useLibrary(({ pictures }) => pictures[shown ?? ''])
  const working = useQueue(({ jobs }) => jobs.some(isOpen))
  const preview = useStage(state => state.preview)
  const isRepainting = useRepaint(state => state.on)
  const empty = !picture && !preview && !working
  return (
    <section className="stage" aria-label={t.desk.stage}>
      <h2 className="visually-hidden">{t.desk.stage}</h2>
      <Canvas />
      {empty && <EmptyWords />}
      <Progress />
      {picture && <Versions picture={picture} />}
      {picture && isRepainting ? <RepaintBar picture={picture} /> : <Toolbar />}
    </section>
  )
}

/** One sentence on an empty stage that says what to do. */
function EmptyWords() {
  const t = useMessages()
  const info = useFacts(state => state.info)
  const hasModel = info?.models.some(({ present }) => present) ?? true
  const words = { nothing: t.emptyWord, refused: t.wordProblem, written: t.emptyPicture }[useWriting()]
  return (
    <p className="stage-words">
      {hasModel ? words : t.noModel}
      {!hasModel && <span className="hint">{t.getSdxl}</span>}
    </p>
  )
}
