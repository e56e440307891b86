/** Where a new style starts: empty, from the desk, or as a copy of another one. */
import { METHODS } from '../../core/contract/vocabulary.ts'
import type { StyleDefinition } from '../../core/prompt/style.ts'
import { MAP_ORDER } from '../lists.ts'
import { isActive, useCompose } from '../store/compose.ts'
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
  controls: controlsFrom(map => ({ weight: 0.6, method: METHODS[map][0], start: 0, end: 1 }) as Controls['canny']),
  sampler: 'dpmpp_2m_karras',
  steps: 30,
  guidance: 6,
  palette: ['#f6f2ea', '#1b1917'],
  scribble: { width: 16, roughness: 0.2, density: 0.2 },
}

const escaped = (text: string) => text.replace(/[{}]/g, '$&$&')

/** Turns a prompt into a template: its meaning and word become placeholders. */
export function templateOf(prompt: string, meaning: string, word: string): string {
  const places = (
    [
      [meaning, '{meaning}'],
      [word, '{character}'],
    ] as const
  ).filter(([text]) => text !== '')
  return places.reduce((text, [what, name]) => text.replaceAll(escaped(what), name), escaped(prompt))
}

/** The chosen style with everything that the desk changes about it: prompt, maps, sampling. */
export function styleFromDesk(): StyleDefinition {
  const draft = useCompose.getState().present
  const facts = useFacts.getState()
  const style = styleOf(facts, draft.request.style) ?? BLANK
  const { prompt, negativePrompt, word, sampler, steps, guidanceScale } = draft.request
  const controls = controlsFrom(map => {
    const { weight, method, start, end } = controlOf(draft, style, map)
    return { weight: isActive(draft, map) ? weight : 0, method, start, end } as Controls['canny']
  })
  return {
    ...copyOf(style),
    controls,
    template: prompt ? templateOf(prompt, facts.built?.meaning.text ?? '', word ?? '') : style.template,
    negativePrompt: negativePrompt ?? style.negativePrompt,
    // Fields that the designer did not edit stay the style's; the model's defaults are not the designer's choice.
    sampler: sampler ?? style.sampler,
    steps: steps ?? style.steps,
    guidance: guidanceScale ?? style.guidance,
  }
}

/** Fills empty names with the one that was given. */
export function withNames(style: StyleDefinition, language: keyof StyleDefinition['name']): StyleDefinition {
  const { name } = style
  const given = [name[language], name.en, name.ru, name.zh].find(text => text.trim() !== '') ?? ''
  return { ...style, name: { en: name.en.trim() || given, ru: name.ru.trim() || given, zh: name.zh.trim() || given } }
}

/** An unused id for a name: "My comic" → "my-comic" or "my-comic-2"; "style" where the name has no Latin letters. */
export function freeId(name: string, taken: readonly string[]): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 36)
    .replace(/(?<!-)-+$/, '')
  const base = plain || 'style'
  let id = base
  for (let number = 2; taken.includes(id); number++) id = `${base}-${number}`
  return id
}

/** A copy of a style as a new one, named in every language, whichever the screen speaks. */
export function copyOf(style: StyleDefinition): StyleDefinition {
  const { en, ru, zh } = style.name
  const name = { en: `${en}, copy`, ru: `${ru}, копия`, zh: `${zh} 副本` }
  return { ...style, id: '', name }
}
