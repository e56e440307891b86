/** The designer's own fonts, and which characters of the word each font lacks. */
import { create } from 'zustand'
import { api } from '../api.ts'
import { messages } from '../i18n/index.ts'
import { useCompose } from './compose.ts'
import { loadFonts, useFacts } from './facts.ts'
import { latest } from './latest.ts'
import { notify, notifyError } from './notices.ts'

/** How many characters the fonts lack, by id; null: the font cannot be read. */
export const useLacking = create<{ word: string; lacking: Readonly<Record<string, number | null>> }>()(() => ({
  word: '',
  lacking: {},
}))

/** Fonts are opened to look into them: so many at once, that the first marks are there at once. */
const AT_ONCE = 20

const looking = latest()

/** Looks which fonts lack characters of the word; a newer word takes over. */
export async function lookForLacking(): Promise<void> {
  const word = useCompose.getState().present.request.word ?? ''
  if (word === useLacking.getState().word) return
  useLacking.setState({ word, lacking: {} })
  await looking(async signal => {
    const ids = useFacts.getState().fonts.map(({ id }) => id)
    for (let at = 0; at < ids.length && word; at += AT_ONCE) {
      const more = await api.fonts.lacks({ word, fonts: ids.slice(at, at + AT_ONCE) }, { signal }).catch(() => ({}))
      if (signal.aborted) return
      useLacking.setState(({ lacking }) => ({ lacking: { ...lacking, ...more } }))
    }
  })
}

export const isFontFile = (name: string): boolean => /\.(ttf|otf|ttc|otc|woff2?)$/i.test(name)

/** Adds a font file, and writes the word with it. */
export async function addFont(file: File): Promise<void> {
  try {
    const { family } = await api.fonts.add({ name: file.name, data: file })
    await loadFonts()
    useLacking.setState({ word: '', lacking: {} })
    useCompose.getState().layout({ font: family })
    notify(messages().fontAdded(family))
  } catch (error) {
    notifyError(error)
  }
}

/** Deletes an added font; a word that is written with it goes back to the choice by script. */
export async function removeFont(family: string): Promise<void> {
  try {
    await api.fonts.remove({ family })
    await loadFonts()
    const { present, layout } = useCompose.getState()
    if (present.request.layout?.font === family) layout({ font: null })
  } catch (error) {
    notifyError(error)
  }
}
