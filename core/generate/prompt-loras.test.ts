import { mkdir, writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../weights/testing.ts'
import { withoutLoraTags, withPromptLoras } from './prompt-loras.ts'

it('a LoRA of the prompt that is there becomes one of the request; another stays and is told', async () => {
  await using folder = await temporaryFolder()
  await mkdir(folder.at('loras'))
  await writeFile(folder.at('loras', 'ink.safetensors'), '')
  const input = { promptWeights: true, prompt: 'a cat <lora:ink:0.8> <lora:none:1>', loras: [{ path: 'x', weight: 1 }] }
  const found = withPromptLoras(input, folder.path)
  expect(found.loras).toEqual([
    { path: 'x', weight: 1 },
    { path: folder.at('loras', 'ink.safetensors'), weight: 0.8 },
  ])
  const { prompt, notices } = withoutLoraTags(found.prompt!)
  expect(prompt).toBe('a cat')
  expect(notices.map(({ message }) => message)).toEqual([expect.stringContaining('the LoRA "none" of the prompt')])
})

it('where the request does not say so, a tag is words; a name never leads out of the folder', async () => {
  await using folder = await temporaryFolder()
  await mkdir(folder.at('loras'))
  await writeFile(folder.at('secret.safetensors'), '')
  const plain = { prompt: 'a <lora:secret:1>' }
  expect(withPromptLoras(plain, folder.path)).toBe(plain)
  const climbing = { promptWeights: true, prompt: 'a <lora:../secret:1>' }
  expect(withPromptLoras(climbing, folder.at('loras'))).toBe(climbing)
})
