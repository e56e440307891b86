import { mkdir, writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../weights/testing.ts'
import { withPromptEmbeddings } from './prompt-embeddings.ts'

async function folderWith(...names: string[]) {
  const folder = await temporaryFolder()
  await mkdir(folder.at('embeddings'))
  for (const name of names) await writeFile(folder.at('embeddings', `${name}.safetensors`), '')
  return folder
}

it('an installed embedding that a prompt names becomes one of the request; the word stays', async () => {
  await using folder = await folderWith('EasyNegative', 'ink', 'unused')
  const input = { promptWeights: true, prompt: 'a cat, (embedding:ink:1.2)', negativePrompt: 'easynegative, blurry' }
  expect(withPromptEmbeddings(input, folder.path)).toEqual({
    ...input,
    embeddings: [
      { path: folder.at('embeddings', 'EasyNegative.safetensors'), token: 'EasyNegative' },
      { path: folder.at('embeddings', 'ink.safetensors'), token: 'ink' },
    ],
  })
})

it('what the request names itself has its file’s name for a word, and nothing else is looked for', async () => {
  await using folder = await folderWith('ink')
  const embeddings = [{ path: 'C:\\mine\\Ink.safetensors' }, { path: '/x.safetensors', token: 'wash' }]
  const complete = [
    { path: 'C:\\mine\\Ink.safetensors', token: 'Ink' },
    { path: '/x.safetensors', token: 'wash' },
  ]
  for (const promptWeights of [true, false])
    expect(withPromptEmbeddings({ promptWeights, prompt: 'ink', embeddings }, folder.path).embeddings).toEqual(complete)
  // A picture that was made without any stays so, whatever is installed later.
  expect(withPromptEmbeddings({ promptWeights: true, prompt: 'ink', embeddings: [] }, folder.path).embeddings).toEqual(
    [],
  )
})

it('the list of models is looked through behind the folders', async () => {
  await using folder = await folderWith('ink')
  const found = (listed: string[]) =>
    withPromptEmbeddings({ promptWeights: true, prompt: 'ink wash' }, folder.path, listed).embeddings
  const ink = { path: folder.at('embeddings', 'ink.safetensors'), token: 'ink' }
  expect(found(['/a/ink.safetensors', '/a/wash.safetensors'])).toEqual([
    ink,
    { path: '/a/wash.safetensors', token: 'wash' },
  ])
})

it('where prompts are plain words, and where none is named, the request is as it was', async () => {
  await using folder = await folderWith('ink')
  const plain = { prompt: 'ink' }
  expect(withPromptEmbeddings(plain, folder.path)).toBe(plain)
  const other = { promptWeights: true, prompt: 'inky paper', negativePrompt: null }
  expect(withPromptEmbeddings(other, folder.path)).toBe(other)
})
