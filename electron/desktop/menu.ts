import type { MenuItemConstructorOptions } from 'electron'

/** Native menus of system roles: the system names and translates them. The studio's own acts are in its window. */
export function menuTemplate(name: string, platform = process.platform): MenuItemConstructorOptions[] {
  const mac: MenuItemConstructorOptions[] = platform === 'darwin' ? [{ label: name, role: 'appMenu' }] : []
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ]
  // Undo and redo are the page's own: they take back settings, not only typed text.
  const edit: MenuItemConstructorOptions[] = [
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
  ]
  return [
    ...mac,
    { role: 'fileMenu' },
    { label: 'Edit', submenu: edit },
    { label: 'View', submenu: view },
    { role: 'windowMenu' },
  ]
}
