import type { FontInfo } from '../../core/glyph/font-list.ts'

/** CSS of bundled families, loaded when one is chosen. The sans families are loaded already: the interface uses them. */
const SHEETS: Readonly<Record<string, () => Promise<unknown>>> = {
  'noto-serif': () => import('@fontsource-variable/noto-serif/wght.css'),
  'noto-serif-sc': () => import('@fontsource-variable/noto-serif-sc/wght.css'),
  'noto-sans-jp': () => import('@fontsource-variable/noto-sans-jp/wght.css'),
  'noto-sans-tc': () => import('@fontsource-variable/noto-sans-tc/wght.css'),
  'noto-emoji': () => import('@fontsource-variable/noto-emoji/wght.css'),
  'ma-shan-zheng': () => import('@fontsource/ma-shan-zheng/400.css'),
  'zhi-mang-xing': () => import('@fontsource/zhi-mang-xing/400.css'),
  'long-cang': () => import('@fontsource/long-cang/400.css'),
  lobster: () => import('@fontsource/lobster/400.css'),
  pacifico: () => import('@fontsource/pacifico/400.css'),
  'russo-one': () => import('@fontsource/russo-one/400.css'),
  'ruslan-display': () => import('@fontsource/ruslan-display/400.css'),
}

const loaded = new Map<string, FontFace>()

/** An added font, which the browser does not know by itself. */
function loadOwn(family: string, file: string): void {
  if (loaded.has(file)) return
  const face = new FontFace(family, `url("/own-fonts/${encodeURIComponent(file)}")`)
  loaded.set(file, face)
  document.fonts.add(face)
  // One that the browser refuses still draws the maps; the word is then shown in the interface's own font.
  face.load().catch(() => {})
}

/** The CSS family that shows a word in the font a layout names. */
export function familyOf(fonts: readonly FontInfo[], id: string | null): string {
  const font = fonts.find(known => known.id === id)
  if (!font) return 'var(--sans)'
  void SHEETS[font.id]?.()
  if (font.file !== undefined) loadOwn(font.family, font.file)
  const variable = font.source === 'bundled' && font.weights[0] !== font.weights[1] ? `"${font.family} Variable", ` : ''
  return `${variable}"${font.family}", var(--sans)`
}
