/** Filling a style's template. What is filled in is never read as a template again. */

import { fault } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import { PLACEHOLDERS, type Placeholder, templateProblems } from './style.ts'

export interface TemplatePart {
  source: 'template' | Placeholder
  text: string
}

/**
 * A template cut at its placeholders, each filled; the texts joined are the prompt. Doubled braces become braces.
 * @throws StudioError bad-style naming every unknown placeholder and brace without a partner
 */
export function fillTemplate(template: string, values: Readonly<Record<Placeholder, string>>, what: Phrase) {
  const problems = templateProblems(template)
  if (problems.length > 0) throw fault('templateWrong', { what, problems })
  const parts: TemplatePart[] = []
  for (const [token] of template.matchAll(/\{\{|\}\}|\{[^{}]*\}|[^{}]+/g)) {
    const name = PLACEHOLDERS.find(placeholder => token === `{${placeholder}}`)
    const text = name ? values[name] : token === '{{' ? '{' : token === '}}' ? '}' : token
    const last = parts.at(-1)
    if (!name && last?.source === 'template') last.text += text
    else parts.push({ source: name ?? 'template', text })
  }
  return parts
}
