/** Embeddings that a prompt names become embeddings of the request where their files are found. */
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { RequestInput } from '../contract/request.ts'
import { LIMITS } from '../contract/vocabulary.ts'
import { dataFolder } from '../files/data-folder.ts'
import { embeddedWordPattern } from '../text/embedded-words.ts'

const ENDING = /\.safetensors$/i

/** Where embeddings are looked for by their names: beside the request, and in the data folder. */
export const embeddingFolders = (base: string): string[] => [join(base, 'embeddings'), join(dataFolder(), 'embeddings')]

/** An embedding without a word of its own has its file's name. */
export const wordOf = (path: string): string => basename(path.replaceAll('\\', '/')).replace(ENDING, '')

/**
 * The request with a word for each of its embeddings. Where it names none itself and prompts are read as A1111 reads them,
 * every installed embedding that stands in one of them becomes one of the request. The words stay in the prompts.
 * @param listed paths of the embeddings in the list of models
 */
export function withPromptEmbeddings(input: RequestInput, base: string, listed: readonly string[] = []): RequestInput {
  const { embeddings, promptWeights, prompt, negativePrompt } = input
  if (embeddings)
    return { ...input, embeddings: embeddings.map(({ path, token }) => ({ path, token: token ?? wordOf(path) })) }
  const text = `${prompt ?? ''}\n${negativePrompt ?? ''}`
  if (!promptWeights || !text.trim()) return input
  const found = [...installed(base, listed)].filter(([token]) => embeddedWordPattern([token])!.test(text))
  const named = found.slice(0, LIMITS.embeddings).map(([token, path]) => ({ path, token }))
  return named.length > 0 ? { ...input, embeddings: named } : input
}

/** Word → file; of two with one name the first folder's, and a folder's before the list's. */
function installed(base: string, listed: readonly string[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const folder of embeddingFolders(base))
    for (const name of namesIn(folder))
      if (ENDING.test(name) && !found.has(wordOf(name))) found.set(wordOf(name), join(folder, name))
  for (const path of listed) if (!found.has(wordOf(path))) found.set(wordOf(path), path)
  return found
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return [] // there is no such folder
  }
}
