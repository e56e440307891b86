/** A style while it is edited: what is invalid, at which field, and what its prompt would be. */
import { z } from 'zod'
import { phraseOfIssue } from '../faults/issue.ts'
import { type Phrase, StudioError } from '../faults/studio-error.ts'
import { buildPrompts, type PromptPart } from './prompt-builder.ts'
import { styleSchema, type TemplateProblem } from './style.ts'

export interface StyleProblem extends Phrase {
  /** As the schema names it: "template", "name.ru", "palette.2". */
  field: string
  code: TemplateProblem['code'] | 'empty' | 'too-long' | 'other'
  /** The unknown placeholder's, or the most that is allowed. */
  name?: string
}

/** Everything that is invalid, in the schema's order; empty where the style can be saved. */
export function styleProblems(style: unknown): StyleProblem[] {
  return (styleSchema.safeParse(style).error?.issues ?? []).map(issue => {
    const about = { field: issue.path.join('.'), ...phraseOfIssue(issue) }
    if (issue.code === 'custom' && issue.params) {
      const { code, name } = issue.params as unknown as TemplateProblem
      return { ...about, code, ...(name !== undefined && { name }) }
    }
    if (issue.code === 'too_small' && issue.origin === 'string') return { ...about, code: 'empty' }
    if (issue.code === 'too_big' && issue.origin === 'string')
      return { ...about, code: 'too-long', name: `${issue.maximum}` }
    return { ...about, code: 'other' }
  })
}

/** What is wrong with a style, and its prompt for a word: null while the template is invalid or there is no word. */
export async function checkDraft(
  style: unknown,
  word: { word: string | null; translation: string | null },
): Promise<{ problems: StyleProblem[]; prompt: PromptPart[] | null }> {
  const problems = styleProblems(style)
  const readable = promptSchema.safeParse(style)
  if (!readable.success) return { problems, prompt: null }
  try {
    const { parts } = await buildPrompts({ ...word, prompt: null, negativePrompt: null }, { id: '', ...readable.data })
    return { problems, prompt: parts.prompt }
  } catch (error) {
    if (error instanceof StudioError) return { problems, prompt: null }
    throw error
  }
}

/** What the prompt needs: a style without a name shows its prompt already. */
const { template, negativePrompt } = styleSchema.shape
const promptSchema = z.object({ template, negativePrompt })
