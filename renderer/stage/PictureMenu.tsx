import {
  Brush,
  Columns2,
  Copy,
  Download,
  Ellipsis,
  ExternalLink,
  FileDown,
  ImageUp,
  Maximize2,
  Pin,
  PinOff,
  Shuffle,
  SlidersHorizontal,
  Trash2,
  Type,
} from 'lucide-react'
import { LARGER_SIDES, UPSCALE_METHODS } from '../../core/contract/larger.ts'
import type { Picture } from '../../core/host/api/library.ts'
import { type Messages, useMessages } from '../i18n/index.ts'
import { copyPicture } from '../store/clipboard.ts'
import { download } from '../store/download.ts'
import { openExport } from '../store/export.ts'
import { useLibrary } from '../store/library.ts'
import { beginRepaint } from '../store/repaint.ts'
import { REUSE_PARTS, reuse } from '../store/reuse.ts'
import { useScreen } from '../store/screen.ts'
import { useSettings } from '../store/settings.ts'
import { useStage } from '../store/stage.ts'
import { enlarge, fileNameOf, startFromPicture, vary } from '../store/start-picture.ts'
import { pinSample } from '../store/styles.ts'
import { Menu, type MenuItem } from '../ui/Menu.tsx'
import { trashWithUndo } from './trash.ts'

/** Leaves the gallery after a command that changes the desk. */
const toDesk = (tab: 'compose' | 'stage') => useScreen.setState({ gallery: false, tab })

export const variationItems = (picture: Picture, t: Messages): MenuItem[] => [
  { id: 'other-seeds', label: t.otherSeeds, run: () => vary(picture, 'seeds') },
  { id: 'close-to-it', label: t.closeToIt, run: () => vary(picture, 'close') },
]

/** Larger versions than the picture is. */
function largerItems(picture: Picture, t: Messages): MenuItem[] {
  const sides = LARGER_SIDES.filter(side => side > Math.max(picture.width, picture.height))
  return UPSCALE_METHODS.flatMap(method =>
    sides.map(side => ({
      id: `${method}-${side}`,
      label: t.upscale[method](side),
      run: () => void enlarge(picture, side, method),
    })),
  )
}

function reuseItems(picture: Picture, t: Messages): MenuItem[] {
  const from = (part: Parameters<typeof reuse>[1]) => () => {
    reuse(picture, part)
    toDesk('compose')
  }
  return [
    { id: 'reuse', label: t.reuse, icon: SlidersHorizontal, run: from('all') },
    { id: 'reuse-look', label: t.reuseLook, icon: Type, run: from('look') },
    {
      id: 'reuse-only',
      label: t.reuseOnly,
      items: REUSE_PARTS.map(part => ({ id: `reuse-${part}`, label: t.reuseParts[part], run: from(part) })),
    },
  ]
}

interface PictureMenuProps {
  picture: Picture
  open?: boolean
  onOpenChange?(open: boolean): void
  stop?: boolean
}

/** All commands for one picture. */
export function PictureMenu({ picture, ...menu }: PictureMenuProps) {
  const t = useMessages()
  const larger = largerItems(picture, t)
  const shown = useStage(state => state.pictureId)
  const isSample = useSettings(({ settings }) => settings.samples[picture.style] === picture.id)
  const other = useLibrary(({ pictures }) => (shown && shown !== picture.id ? pictures[shown] : undefined))
  return (
    <Menu
      icon={Ellipsis}
      label={t.moreAbout}
      {...menu}
      groups={[
        reuseItems(picture, t),
        [
          {
            id: 'start-from',
            label: t.startFrom,
            icon: ImageUp,
            run: () => {
              void startFromPicture(picture)
              toDesk('compose')
            },
          },
          { id: 'repaint', label: t.repaint.title, icon: Brush, run: () => beginRepaint(picture) },
          ...(larger.length > 0 ? [{ id: 'upscale', label: t.upscale.title, icon: Maximize2, items: larger }] : []),
          { id: 'variations', label: t.variations, icon: Shuffle, items: variationItems(picture, t) },
        ],
        [
          ...(other
            ? [
                {
                  id: 'compare-this',
                  label: t.compareThis,
                  icon: Columns2,
                  run: () => {
                    useStage.setState({ comparison: { kind: 'picture', id: picture.id } })
                    toDesk('stage')
                  },
                },
              ]
            : []),
          {
            id: 'original',
            label: t.original,
            icon: ExternalLink,
            run: () => window.open(picture.url, '_blank', 'noreferrer'),
          },
          {
            id: 'pin-sample',
            label: isSample ? t.unpinSample : t.pinSample,
            icon: isSample ? PinOff : Pin,
            run: () => pinSample(picture, !isSample),
          },
          {
            id: 'save-copy',
            label: t.savePicture,
            icon: Download,
            run: () => download(picture.url, fileNameOf(picture)),
          },
          { id: 'copy', label: t.output.copyPicture, icon: Copy, run: () => void copyPicture(picture.id) },
          { id: 'export', label: t.output.export, icon: FileDown, run: () => openExport([picture.id]) },
        ],
        [
          {
            id: 'trash',
            label: t.trash,
            icon: Trash2,
            danger: true,
            run: () => trashWithUndo([picture.id]),
          },
        ],
      ]}
    />
  )
}
