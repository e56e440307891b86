/** Every command that has a shortcut (keys.ts) or is listed in the palette. */
import { THEMES } from '../../core/contract/vocabulary.ts'
import { generateNow, obstacle } from '../compose/generate-now.ts'
import { LANGUAGES, type Language, type Messages } from '../i18n/index.ts'
import { MAP_ORDER } from '../lists.ts'
import { trashWithUndo } from '../stage/trash.ts'
import { toggleCanvas } from '../store/canvas.ts'
import { useCompose } from '../store/compose.ts'
import { isDraftModel, styleOf, useFacts } from '../store/facts.ts'
import { useLibrary } from '../store/library.ts'
import { giveBack } from '../store/machine.ts'
import { controlOf, useMaps } from '../store/maps.ts'
import { cancelCurrent, isOpen, randomSeed, useQueue } from '../store/queue.ts'
import { redoChosen, toggleRepaint, undoChosen, useRepaint } from '../store/repaint.ts'
import { reuse } from '../store/reuse.ts'
import { type Sheet, useScreen } from '../store/screen.ts'
import { useSettings } from '../store/settings.ts'
import { toggleSketches } from '../store/sketches.ts'
import { FITTED, isCovered, useStage, zoom } from '../store/stage.ts'
import { startFromPicture, vary } from '../store/start-picture.ts'
import { styleFromDesk } from '../style-editor/draft.ts'
import { openStyle } from '../style-editor/store.ts'
import { importPicture } from './import.ts'

export interface Command {
  id: string
  label(t: Messages): string
  enabled?(): boolean
  run(): void
}

/** The picture on the stage; none while another grows over it, or a sketch lies there. */
const shown = () => {
  const stage = useStage.getState()
  return isCovered(stage) ? undefined : useLibrary.getState().pictures[stage.pictureId ?? '']
}

function changeWeight(by: number): void {
  const { focused } = useMaps.getState()
  if (!focused) return
  const { present, control } = useCompose.getState()
  const { weight } = controlOf(present, styleOf(useFacts.getState(), present.request.style), focused)
  control(focused, { weight: Math.min(2, Math.max(0, Number((weight + by).toFixed(2)))) }, `weight ${focused}`)
}

function toggleCompare(): void {
  useStage.setState(({ comparison }) => ({ comparison: comparison ? null : { kind: 'glyph' } }))
}

const sheet = (name: Sheet) => () => useScreen.getState().open(name)

/** Runs a command from its button, which does then what its key does. */
export const runCommand = (id: string): void => COMMANDS.find(command => command.id === id)?.run()

export const COMMANDS: readonly Command[] = [
  {
    id: 'generate',
    label: t => t.generate,
    enabled: () => obstacle() === null,
    run: () => generateNow(),
  },
  {
    id: 'cancel',
    label: t => t.cancel,
    enabled: () => useQueue.getState().jobs.some(isOpen),
    run: cancelCurrent,
  },
  {
    id: 'undo',
    label: t => t.undo,
    enabled: () => (useRepaint.getState().on ? useRepaint.getState().chosen : useCompose.getState()).past.length > 0,
    run: () => (useRepaint.getState().on ? undoChosen() : useCompose.getState().undo()),
  },
  {
    id: 'redo',
    label: t => t.redo,
    enabled: () => (useRepaint.getState().on ? useRepaint.getState().chosen : useCompose.getState()).future.length > 0,
    run: () => (useRepaint.getState().on ? redoChosen() : useCompose.getState().redo()),
  },
  {
    id: 'gallery',
    label: t => t.gallery,
    run: () => useScreen.setState(({ gallery }) => ({ gallery: !gallery })),
  },
  { id: 'import', label: t => t.importPicture, run: importPicture },
  { id: 'queue', label: t => t.queue, run: sheet('queue') },
  { id: 'sets', label: t => t.sets.title, run: sheet('sets') },
  { id: 'palette', label: t => t.commands, run: sheet('palette') },
  { id: 'keys', label: t => t.keys, run: sheet('keys') },
  { id: 'models', label: t => t.modelsScreen.title, run: sheet('models') },
  { id: 'guide', label: t => t.guide, run: sheet('guide') },
  { id: 'settings', label: t => t.settings, run: sheet('settings') },
  { id: 'status', label: t => t.status.title, run: sheet('status') },
  { id: 'give-back', label: t => t.machine.giveMemoryBack, run: () => void giveBack() },
  { id: 'roll', label: t => t.newSeed, run: () => useCompose.getState().patch({ seed: randomSeed() }) },
  {
    id: 'lock',
    label: t => t.lockSeed,
    run: () => useCompose.getState().edit(draft => ({ ...draft, seedLocked: !draft.seedLocked })),
  },
  {
    id: 'sketches',
    label: t => t.sketches,
    enabled: () => isDraftModel(useFacts.getState(), useSettings.getState().settings.model),
    run: () => void toggleSketches(),
  },
  { id: 'compare', label: t => t.compare, run: toggleCompare },
  {
    id: 'outline',
    label: t => t.outline,
    run: () => useStage.setState(({ outline }) => ({ outline: !outline })),
  },
  { id: 'repaint', label: t => t.repaint.title, enabled: () => shown() !== undefined, run: toggleRepaint },
  { id: 'canvas', label: t => t.blocks.edit, run: toggleCanvas },
  {
    id: 'motifs',
    label: t => t.blocks.motifsOff,
    enabled: () =>
      useCompose.getState().present.request.composition?.blocks.some(({ kind }) => kind === 'motif') ?? false,
    run: () => useCompose.getState().edit(draft => ({ ...draft, motifsOff: !draft.motifsOff })),
  },
  { id: 'fit', label: t => t.fit, run: () => useStage.setState({ view: FITTED }) },
  { id: 'zoom-in', label: t => t.zoomIn, run: () => zoom(1.4) },
  { id: 'zoom-out', label: t => t.zoomOut, run: () => zoom(1 / 1.4) },
  ...MAP_ORDER.map(
    (map): Command => ({
      id: `map-${map}`,
      label: t => t.focusMap(t.map[map]),
      run: () => document.querySelector<HTMLElement>(`.map-picture[data-map=${map}]`)?.focus(),
    }),
  ),
  {
    id: 'weaker',
    label: t => t.weaker,
    enabled: () => useMaps.getState().focused !== null,
    run: () => changeWeight(-0.05),
  },
  {
    id: 'stronger',
    label: t => t.stronger,
    enabled: () => useMaps.getState().focused !== null,
    run: () => changeWeight(0.05),
  },
  {
    id: 'reuse',
    label: t => t.reuse,
    enabled: () => shown() !== undefined,
    run: () => {
      const picture = shown()
      if (picture) reuse(picture, 'all')
    },
  },
  {
    id: 'start-from',
    label: t => t.startFrom,
    enabled: () => shown() !== undefined,
    run: () => {
      const picture = shown()
      if (picture) void startFromPicture(picture)
    },
  },
  ...(['seeds', 'close'] as const).map(
    (how): Command => ({
      id: `vary-${how}`,
      label: t => `${t.variations}: ${how === 'seeds' ? t.otherSeeds : t.closeToIt}`,
      enabled: () => shown() !== undefined,
      run: () => {
        const picture = shown()
        if (picture) void vary(picture, how)
      },
    }),
  ),
  { id: 'style-from-desk', label: t => t.styleFromDesk, run: () => openStyle(styleFromDesk()) },
  {
    id: 'trash',
    label: t => t.trash,
    enabled: () => shown() !== undefined || useLibrary.getState().selected.length > 0,
    run: () => {
      const { selected } = useLibrary.getState()
      const picture = shown()
      if (useScreen.getState().gallery && selected.length > 0) trashWithUndo([...selected])
      else if (picture) trashWithUndo([picture.id])
    },
  },
  ...THEMES.map(
    (theme): Command => ({
      id: `theme-${theme}`,
      label: t => `${t.theme}: ${t.themes[theme]}`,
      run: () => useSettings.getState().change({ theme }),
    }),
  ),
  ...(Object.keys(LANGUAGES) as Language[]).map(
    (language): Command => ({
      id: `language-${language}`,
      label: t => `${t.language}: ${LANGUAGES[language].name}`,
      run: () => useSettings.getState().change({ language }),
    }),
  ),
]
