/** Native menus in the studio's language. System commands are roles; the studio's own are sent to the page by id. */
import type { MenuItemConstructorOptions } from 'electron'
import type { Settings } from '../../core/host/default-settings.ts'
import { keysOf } from '../../renderer/commands/keys.ts'
import { en } from '../../renderer/i18n/en.ts'
import { ru } from '../../renderer/i18n/ru.ts'
import { zh } from '../../renderer/i18n/zh.ts'
import type { MenuCommand } from './bridge.ts'

type Language = Settings['language']
type Item = MenuItemConstructorOptions

/** The renderer's messages. */
export const MESSAGES = { en, ru, zh }

/** The system's language if the studio has it, else English; used until the page sets the user's choice. */
export function systemLanguage(locale: string): Language {
  const code = locale.slice(0, 2).toLowerCase()
  return code === 'ru' || code === 'zh' ? code : 'en'
}

/** The page's shortcut of a command in Electron's notation; undefined where it has none. */
function acceleratorOf(id: MenuCommand, shortcuts: Settings['shortcuts']): string | undefined {
  const [key] = keysOf(id, shortcuts)
  if (key === undefined) return undefined
  const held = /^(Ctrl\+)?(Shift\+)?(.+)$/.exec(key)
  const [, ctrl = '', shift = '', name = key] = held ?? []
  return `${ctrl && 'CmdOrCtrl+'}${shift}${name === '+' ? 'Plus' : name.length === 1 ? name.toUpperCase() : name}`
}

export interface MenuOptions {
  language: Language
  /** The user's own shortcuts. */
  shortcuts?: Settings['shortcuts']
  /** Called when one of the page's commands is chosen. */
  command: (id: MenuCommand) => void
  showDataFolder: () => void
  platform?: NodeJS.Platform
}

export function menuTemplate(options: MenuOptions): Item[] {
  const { language, shortcuts = {}, command, showDataFolder, platform = process.platform } = options
  const t = MESSAGES[language]
  const { menus } = t
  const mac = platform === 'darwin'
  const line: Item = { type: 'separator' }
  const act = (id: MenuCommand, label: string): Item => {
    const accelerator = acceleratorOf(id, shortcuts)
    const item: Item = { id, label, click: () => command(id) }
    // A Mac cannot show a key without taking it, and a letter taken here could not be typed into a field.
    if (!accelerator || (mac && !accelerator.startsWith('Cmd'))) return item
    return { ...item, accelerator, registerAccelerator: false }
  }
  const settings = act('settings', t.settings)
  const app: Item = {
    label: 'Zihua Studio',
    submenu: [
      { role: 'about', label: menus.about },
      ...[line, settings, line],
      { role: 'services', label: menus.services },
      line,
      { role: 'hide', label: menus.hide },
      { role: 'hideOthers', label: menus.hideOthers },
      { role: 'unhide', label: menus.showAll },
      line,
      { role: 'quit', label: menus.quit },
    ],
  }
  const file: Item[] = [
    act('sets', t.sets.title),
    act('import', t.importPicture),
    { label: t.openFolder, click: showDataFolder },
    ...(mac ? [line, { role: 'close' as const, label: t.close }] : [line, settings, line]),
    ...(mac ? [] : [{ role: 'quit' as const, label: menus.quit }]),
  ]
  const edit: Item[] = [
    // The page's own undo, which covers settings as well as typed text.
    act('undo', t.undo),
    act('redo', t.redo),
    line,
    { role: 'cut', label: menus.cut },
    { role: 'copy', label: menus.copy },
    { role: 'paste', label: menus.paste },
    { role: 'selectAll', label: menus.selectAll },
  ]
  const picture: Item[] = [
    ...[act('generate', t.generate), act('cancel', t.cancel), line],
    ...[act('roll', t.newSeed), act('lock', t.lockSeed), act('reuse', t.reuse), line],
    ...[act('compare', t.compare), act('outline', t.outline), line],
    ...[act('fit', t.fit), act('zoom-in', t.zoomIn), act('zoom-out', t.zoomOut)],
  ]
  const view: Item[] = [
    ...[act('gallery', t.gallery), act('queue', t.queue), act('palette', t.commands), act('keys', t.keys), line],
    ...[act('give-back', t.machine.giveMemoryBack), line],
    { role: 'resetZoom', label: menus.normalText },
    { role: 'zoomIn', label: menus.largerText },
    { role: 'zoomOut', label: menus.smallerText },
    line,
    { role: 'togglefullscreen', label: menus.fullScreen },
  ]
  const window: Item[] = [
    { role: 'minimize', label: menus.minimise },
    mac ? { role: 'front', label: menus.bringToFront } : { role: 'close', label: t.close },
  ]
  return [
    ...(mac ? [app] : []),
    { label: menus.file, submenu: file },
    { label: menus.edit, submenu: edit },
    { label: t.picture, submenu: picture },
    { label: menus.view, submenu: view },
    { label: menus.window, submenu: window },
  ]
}
