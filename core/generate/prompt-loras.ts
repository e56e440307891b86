/** <lora:name:0.8> in a prompt becomes a LoRA of the request where its file is found. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RequestInput } from '../contract/request.ts'
import { LIMITS } from '../contract/vocabulary.ts'
import { phrase } from '../faults/fault.ts'
import type { Phrase } from '../faults/studio-error.ts'
import { dataFolder } from '../files/data-folder.ts'
import { loraTagsOf, takeLoraTags } from '../text/lora-tags.ts'

/** Where LoRA files are looked for by their name: beside the request, and in the data folder. */
export const loraFolders = (base: string): string[] => [base, join(base, 'loras'), join(dataFolder(), 'loras')]

/** The request with every tag taken out whose file is there; the others stay in the prompt (lorasNotFound). */
export function withPromptLoras(input: RequestInput, base: string): RequestInput {
  const loras = [...(input.loras ?? [])]
  const take = (prompt: string) =>
    takeLoraTags(prompt, ({ name, weight }) => {
      const path = findLora(name, base)
      if (path === null || loras.length >= LIMITS.loras) return false
      loras.push({ path, weight: Math.min(Math.max(weight, -10), 10) })
      return true
    })
  if (!input.promptWeights || !input.prompt) return input
  const prompt = take(input.prompt).trim()
  return loras.length === (input.loras?.length ?? 0) ? input : { ...input, prompt, loras }
}

/** The prompt as the encoders read it, and a notice for each LoRA that was asked for and is not there. */
export function withoutLoraTags(prompt: string): { prompt: string; notices: Phrase[] } {
  const notices = loraTagsOf(prompt).map(({ name }) => phrase('loraNotInstalled', { name }))
  return { prompt: notices.length > 0 ? takeLoraTags(prompt, () => true).trim() : prompt, notices }
}

/** A name is one file's, never a way out of the folder. */
function findLora(name: string, base: string): string | null {
  if (/[/\\\0]/.test(name)) return null
  const paths = loraFolders(base).map(folder => join(folder, `${name.replace(/\.safetensors$/i, '')}.safetensors`))
  return paths.find(path => existsSync(path)) ?? null
}
