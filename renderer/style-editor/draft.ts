/** How a style that is to be edited comes about: empty, from what is on the desk, or as a copy of another one. */
import type { StyleDefinition } from '../../core/prompt/style.ts'
import { LANGUAGES } from '../i18n/index.ts'
import { MAP_ORDER, METHODS_OF } from '../lists.ts'
import { isHeard, useCompose } from '../store/compose.ts'
import { styleOf, useFacts } from '../store/facts.ts'
import { controlOf } from '../store/maps.ts'

type Controls = StyleDefinition['controls']

const controlsFrom = (of: (map: keyof Controls) => Controls[keyof Controls]): Controls =>
  Object.fromEntries(MAP_ORDER.map(map => [map, of(map)])) as Controls

export const BLANK: StyleDefinition = {
  id: '',
  name: { en: '', ru: '', zh: '' },
  template: '',
  negativePrompt: '',
  controls: controlsFrom(map => ({ weight: 0.6, method: METHODS_OF[map][0], start: 0, end: 1 }) as Controls['canny']),
  sampler: 'dpmpp_2m_karras',
  steps: 30,
  guidance: 6,
  palette: ['#f6f2ea', '#1b1917'],
  scribble: { width: 16, roughness: 0.2, density: 0.2 },
}

const escaped = (text: string) => text.replace(/[{}]/g, '$&$&')

/** A prompt by hand as a template: where the meaning or the word stands in it, its placeholder. */
export function templateOf(prompt: string, meaning: string, word: string): string {
  const places = (
    [
      [meaning, '{meaning}'],
      [word, '{character}'],
    ] as const
  ).filter(([text]) => text !== '')
  return places.reduce((text, [what, name]) => text.replaceAll(escaped(what), name), escaped(prompt))
}

/** The chosen style as it is worked with now: its prompt, strengths, methods, windows, sampling. */
export function styleFromDesk(): StyleDefinition {
  const draft = useCompose.getState().present
  const facts = useFacts.getState()
  const style = styleOf(facts, draft.request.style) ?? BLANK
  const { prompt, negativePrompt, word, sampler, steps, guidanceScale } = draft.request
  const controls = controlsFrom(map => {
    const { weight, method, start, end } = controlOf(draft, style, map)
    return { weight: isHeard(draft, map) ? weight : 0, method, start, end } as Controls['canny']
  })
  return {
    ...copyOf(style),
    controls,
    template: prompt ? templateOf(prompt, facts.built?.meaning.text ?? '', word ?? '') : style.template,
    negativePrompt: negativePrompt ?? style.negativePrompt,
    // What the designer has left alone stays the style's: the model's own defaults are no wish.
    sampler: sampler ?? style.sampler,
    steps: steps ?? style.steps,
    guidance: guidanceScale ?? style.guidance,
  }
}

/** Names that were left empty take over the one that was given. */
export function withNames(style: StyleDefinition, language: keyof StyleDefinition['name']): StyleDefinition {
  const { name } = style
  const given = [name[language], name.en, name.ru, name.zh].find(text => text.trim() !== '') ?? ''
  return { ...style, name: { en: name.en.trim() || given, ru: name.ru.trim() || given, zh: name.zh.trim() || given } }
}

/** "My comic" → "my-comic", with a number where that is taken; a name without Latin letters gives "style". */
export function freeId(name: string, taken: readonly string[]): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 36)
    .replace(/-+$/, '')
  const base = plain || 'style'
  let id = base
  for (let number = 2; taken.includes(id); number++) id = `${base}-${number}`
  return id
}

/** A new style that begins as another one is. */
export function copyOf(style: StyleDefinition): StyleDefinition {
  const { en, ru, zh } = style.name
  const name = {
    en: LANGUAGES.en.messages.styleCopyOf(en),
    ru: LANGUAGES.ru.messages.styleCopyOf(ru),
    zh: LANGUAGES.zh.messages.styleCopyOf(zh),
  }
  return { ...style, id: '', name }
}
