/** Shortcuts and menus. */

export const shortcuts = {
  how: 'Choose a key and press another one. Single letters wait while you type.',
  press: 'Press a key…',
  none: 'no key',
  takeAway: 'Take the key away',
  reset: 'Usual key',
  resetAll: 'All keys as usual',
  reserved: (key: string) => `${key} moves the focus or presses buttons; press another key.`,
  taken: (key: string, act: string) => `${key} already means “${act}”; press another key.`,
}

export const menus = {
  file: 'File',
  edit: 'Edit',
  view: 'View',
  window: 'Window',
  cut: 'Cut',
  copy: 'Copy',
  paste: 'Paste',
  selectAll: 'Select all',
  largerText: 'Larger text',
  smallerText: 'Smaller text',
  normalText: 'Normal text',
  fullScreen: 'Full screen',
  minimise: 'Minimise',
  bringToFront: 'Bring all to front',
  about: 'About Zihua Studio',
  services: 'Services',
  hide: 'Hide Zihua Studio',
  hideOthers: 'Hide others',
  showAll: 'Show all',
  quit: 'Quit',
}
