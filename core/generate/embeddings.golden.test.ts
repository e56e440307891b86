/** An embedding whose vectors are the rows of ordinary words is those words: prompts, UNet and pictures come out the same. */
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ModelRegistry } from '../machine/registry.ts'
import { InferenceClient } from '../processes/painting/client.ts'
import { builtInStyle } from '../prompt/styles.ts'
import { fixture } from '../testing/fixtures.ts'
import { ClipTokenizer } from '../text/clip-tokenizer.ts'
import { clipVocabulary } from '../weights/model.ts'
import { readTensor } from '../weights/safetensors.ts'
import { temporaryFolder, writeTensors } from '../weights/testing.ts'
import { AIImageGenerator } from './ai-image-generator.ts'

const model = fixture('sdxl/pipeline')
const inference = new InferenceClient({
  settings: { load: { provider: 'cpu', threads: 1 }, retention: { budgetBytes: 1e9 } },
})
afterAll(() => inference.stop())

describe.skipIf(!model)('embeddings in a prompt (needs the golden set sdxl/pipeline)', () => {
  const generator = new AIImageGenerator({
    inference,
    registry: new ModelRegistry(join(tmpdir(), 'zihua-no-models')),
    style: async id => builtInStyle(id)!,
    buildPrompts: async ({ prompt, negativePrompt }) => ({ prompt: prompt!, negativePrompt }),
    maps: { draw: () => Promise.reject(new Error('no maps here')) },
  })
  const paint = async (base: string, input: object) => {
    const request = {
      model,
      guidanceScale: 4,
      steps: 2,
      sampler: 'euler',
      width: 64,
      height: 64,
      controls: null,
      seed: 5,
    }
    const [{ trace, notices, request: made }] = await generator.generateFrom(
      { ...request, promptWeights: true, ...input },
      { base, trace: true },
    )
    return {
      latents: [...trace!['latents_after_step.1'].data],
      notices: notices.map(({ message }) => message),
      embeddings: made.embeddings,
    }
  }

  /** A file whose vectors are what the model knows these words as. */
  async function writeWords(file: string, words: string) {
    const ids = (await ClipTokenizer.load(clipVocabulary, '<|endoftext|>')).encode(words)
    const rowsOf = async (folder: string) => {
      // The repository's own model has its weights in fp16, under another name.
      const names = await readdir(join(model!, folder))
      const path = join(model!, folder, names.find(name => name.endsWith('.safetensors'))!)
      const { dtype, shape, data } = await readTensor(path, 'text_model.embeddings.token_embedding.weight')
      const size = data.length / shape[0]
      const rows = ids.map(id => data.subarray(id * size, (id + 1) * size))
      return { dtype, shape: [ids.length, shape[1]], data: Buffer.concat(rows) }
    }
    const tensors = { clip_l: await rowsOf('text_encoder'), clip_g: await rowsOf('text_encoder_2') }
    await writeTensors(file, new Map(Object.entries(tensors)))
  }

  it('of either prompt, weighed or not, and through the pooled text', async () => {
    await using folder = await temporaryFolder()
    const path = folder.at('embeddings', 'Ink.safetensors')
    await writeWords(path, 'red brush')
    for (const [word, words] of [
      ['ink', 'red brush'],
      ['(embedding:Ink:1.3)', '(red brush:1.3)'],
    ]) {
      const plain = await paint(folder.path, { prompt: `a ${words} cat`, negativePrompt: `blurry ${words}` })
      const embedded = await paint(folder.path, { prompt: `a ${word} cat`, negativePrompt: `blurry ${word}` })
      expect(embedded.latents).toEqual(plain.latents)
      expect([plain.embeddings, embedded.embeddings]).toEqual([undefined, [{ path, token: 'Ink' }]])
      expect(embedded.notices).toEqual([])
    }
    const other = await paint(folder.path, { prompt: 'a blue pen cat', negativePrompt: 'blurry' })
    const plain = await paint(folder.path, { prompt: 'a red brush cat', negativePrompt: 'blurry' })
    expect(other.latents).not.toEqual(plain.latents)
  })

  it('a word of its own in a request whose prompts are plain words', async () => {
    await using folder = await temporaryFolder()
    await writeWords(folder.at('x.safetensors'), 'red brush')
    const embeddings = [{ path: 'x.safetensors', token: 'Pinsel' }]
    const embedded = await paint(folder.path, { prompt: 'a pinsel cat', promptWeights: false, embeddings })
    expect(embedded.latents).toEqual((await paint(folder.path, { prompt: 'a red brush cat' })).latents)
  })

  it('one that is asked for and not there is told and left out', async () => {
    await using folder = await temporaryFolder()
    const without = await paint(folder.path, { prompt: 'a  cat', negativePrompt: 'x' })
    const asked = await paint(folder.path, { prompt: 'a embedding:none cat', negativePrompt: 'embedding:none x' })
    expect(asked.latents).toEqual(without.latents)
    expect(asked.notices).toEqual([
      'the embedding "none" of the prompt is not installed: put none.safetensors into the folder embeddings',
    ])
  })
})
