import {
  Brush,
  ImageUp,
  Maximize,
  Shapes,
  Shuffle,
  SlidersHorizontal,
  Spline,
  Trash2,
  ZoomIn,
  ZoomOut,
} from 'lucide-react'
import type { MapName } from '../../core/contract/vocabulary.ts'
import type { Picture } from '../../core/host/api/library.ts'
import { useMessages } from '../i18n/index.ts'
import { MAP_ORDER } from '../lists.ts'
import { toggleCanvas, useCanvas } from '../store/canvas.ts'
import { note, useLibrary } from '../store/library.ts'
import { beginRepaint } from '../store/repaint.ts'
import { reuse } from '../store/reuse.ts'
import { type Comparison, FITTED, isCovered, showsSketch, useStage, zoom } from '../store/stage.ts'
import { startFromPicture } from '../store/start-picture.ts'
import { useStyleName } from '../store/styles.ts'
import { useVersions } from '../store/versions.ts'
import { Menu } from '../ui/Menu.tsx'
import { IconButton } from '../ui/parts.tsx'
import { Rating } from '../ui/Rating.tsx'
import { Score } from '../ui/Score.tsx'
import { Details } from './Details.tsx'
import { PictureMenu, variationItems } from './PictureMenu.tsx'
import { trashWithUndo } from './trash.ts'

/** Commands for the picture on the stage and its view. */
export function Toolbar() {
  const t = useMessages()
  const id = useStage(state => state.pictureId)
  const outline = useStage(state => state.outline)
  const editing = useCanvas(state => state.editing)
  // While a picture grows on the stage, rating and acts would belong to the one that it covers.
  const isGrowing = useStage(isCovered)
  const sketched = useStage(showsSketch)
  const picture = useLibrary(({ pictures }) => (id && !isGrowing ? pictures[id] : undefined))
  return (
    <div className="toolbar" role="toolbar" aria-label={t.desk.stage}>
      <div className="group facts">
        {sketched && (
          <span className="tag" title={t.sketchTip}>
            {t.sketch}
          </span>
        )}
        {picture?.draft && (
          <span className="tag" title={t.draftTip}>
            {t.draft}
          </span>
        )}
        {picture && <Score {...picture} />}
        {picture && <Rating value={picture.rating} onChange={rating => note([picture.id], { rating })} />}
      </div>
      {picture && (
        <div className="group">
          <IconButton icon={SlidersHorizontal} label={t.reuse} act="reuse" onClick={() => reuse(picture, 'all')} />
          <IconButton
            icon={ImageUp}
            label={t.startFrom}
            act="start-from"
            onClick={() => void startFromPicture(picture)}
          />
          <IconButton icon={Brush} label={t.repaint.title} act="repaint" onClick={() => beginRepaint(picture)} />
          <Menu icon={Shuffle} label={t.variations} groups={[variationItems(picture, t)]} />
          <Details picture={picture} />
          <PictureMenu picture={picture} />
          <IconButton icon={Trash2} label={t.trash} act="trash" onClick={() => trashWithUndo([picture.id])} />
        </div>
      )}
      <div className="group">
        <CompareSelect />
        <IconButton
          icon={Spline}
          label={t.outline}
          act="outline"
          pressed={outline}
          onClick={() => useStage.setState({ outline: !outline })}
        />
        <IconButton icon={Shapes} label={t.blocks.edit} act="canvas" pressed={editing} onClick={toggleCanvas} />
        <IconButton icon={ZoomOut} label={t.zoomOut} act="zoom-out" onClick={() => zoom(1 / 1.4)} />
        <IconButton icon={ZoomIn} label={t.zoomIn} act="zoom-in" onClick={() => zoom(1.4)} />
        <IconButton icon={Maximize} label={t.fit} act="fit" onClick={() => useStage.setState({ view: FITTED })} />
      </div>
    </div>
  )
}

const nameOf = (comparison: Comparison | null): string => {
  if (!comparison) return ''
  if (comparison.kind === 'map') return `map ${comparison.map}`
  return comparison.kind === 'picture' ? `picture ${comparison.id}` : 'glyph'
}

function comparisonOf(name: string): Comparison | null {
  const [kind, which = ''] = name.split(' ')
  if (kind === 'glyph') return { kind }
  if (kind === 'map') return { kind, map: which as MapName }
  return kind === 'picture' ? { kind, id: which } : null
}

const NONE: readonly string[] = []

/** How many of the newest pictures are offered for comparison. */
const NEAREST = 6

function CompareSelect() {
  const t = useMessages()
  const comparison = useStage(state => state.comparison)
  const pictureId = useStage(state => state.pictureId)
  const { recent, pictures } = useLibrary()
  const versions = useVersions(({ ids }) => (pictureId && ids.includes(pictureId) ? ids : NONE))
  const own = versions.filter(id => id !== pictureId)
  const near = recent.ids.filter(id => id !== pictureId && !(id && own.includes(id))).slice(0, NEAREST)
  // A picture chosen elsewhere is listed as well.
  const chosen = comparison?.kind === 'picture' ? comparison.id : undefined
  const others = [...new Set([...near, chosen && own.includes(chosen) ? undefined : chosen])].flatMap(id =>
    id && pictures[id] ? [pictures[id]] : [],
  )
  return (
    <select
      className="quiet compare"
      aria-label={t.compareWith}
      title={`${t.compareWith} (C)`}
      value={nameOf(comparison)}
      onChange={event => useStage.setState({ comparison: comparisonOf(event.target.value) })}
    >
      <option value="">{comparison ? t.compareOff : t.compare}</option>
      <option value="glyph">{t.glyph}</option>
      {MAP_ORDER.map(map => (
        <option key={map} value={`map ${map}`}>
          {t.map[map]}
        </option>
      ))}
      {own.map(id => (
        <option key={id} value={`picture ${id}`}>
          {t.repaint.version(versions.indexOf(id) + 1)}
        </option>
      ))}
      {others.map(picture => (
        <PictureOption key={picture.id} picture={picture} />
      ))}
    </select>
  )
}

function PictureOption({ picture: { id, word, style, seed } }: { picture: Picture }) {
  const styleName = useStyleName(style)
  return <option value={`picture ${id}`}>{[word, styleName, seed].filter(part => part !== null).join(' · ')}</option>
}
