import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ownFixtures } from '../testing/fixtures.ts'
import { identifyFile } from './identify.ts'
import { readHeader } from './safetensors.ts'
import { type HeaderList, readGzipJson, temporaryFolder, writeSparse } from './testing.ts'
import { withoutWrappers } from './wrapped-names.ts'

const unwrapped = (...names: string[]) => [...withoutWrappers(new Map(names.map(name => [name, 0]))).keys()]

it('takes off what compilers and trainers put around names', () => {
  expect(unwrapped('_orig_mod.a.weight', 'b._orig_mod.c._orig_mod.weight')).toEqual(['a.weight', 'b.c.weight'])
  expect(unwrapped('module.a', 'module.b')).toEqual(['a', 'b'])
  expect(unwrapped('state_dict.module._orig_mod.a', 'state_dict.module.b')).toEqual(['a', 'b'])
})

it('leaves names alone that only look so, or that would become one', () => {
  expect(unwrapped('module.a', 'b')).toEqual(['module.a', 'b'])
  expect(unwrapped('my_orig_mod.a', 'state_dict_a')).toEqual(['my_orig_mod.a', 'state_dict_a'])
  expect(unwrapped('_orig_mod.a', 'a')).toEqual(['_orig_mod.a', 'a'])
  expect(unwrapped()).toEqual([])
})

it('an SDXL checkpoint of a compiled, distributed training is one', async () => {
  await using folder = await temporaryFolder()
  const list = readGzipJson<HeaderList>(join(ownFixtures, 'real-size/headers/sdxl_single_file_fp16.json.gz'))
  const plain = folder.at('plain.safetensors')
  const wrapped = folder.at('wrapped.safetensors')
  await writeSparse(plain, list)
  const rename = (name: string) => `module.${name.replace('diffusion_model.', 'diffusion_model._orig_mod.')}`
  await writeSparse(wrapped, { ...list, tensors: list.tensors.map(each => ({ ...each, name: rename(each.name) })) })
  const header = await readHeader(wrapped)
  expect(identifyFile(header)).toMatchObject({ type: 'sdxl-checkpoint' })
  expect([...header.tensors.keys()]).toEqual([...(await readHeader(plain)).tensors.keys()])
})
