/** Of the maps and the networks that draw some of them. */
import { says } from './says.ts'

export const maps = {
  aiModelMissing: says('missing-model', ({ name, id, folder }: { name: string; id: string; folder: string }) => [
    `The model ${name} (${id}) is not in ${folder}.`,
    `Download it: npm run --silent zihua -- models download ${id}`,
  ]),
  aiModelUnloadable: says('bad-weights', ({ path }: { path: string }) => [
    `The model file ${path} cannot be loaded.`,
    'Remove it and download it again: npm run --silent zihua -- models list',
  ]),
  aiModelFailed: says('inference-crashed', ({ reason }: { reason: string }) => [
    `The AI model failed: ${reason}`,
    'Choose another method for this map, or download the model again.',
  ]),
  aiModelEnded: says('inference-crashed', ({ how }: { how: string }) => [
    `The AI model's process ${how}.`,
    'Try again, or choose another method for this map.',
  ]),
  mapOutOfMemory: says('out-of-memory', () => [
    'A map ran out of memory.',
    'Choose a smaller size, or close other programs.',
  ]),
  mapWorkerEnded: says('internal', ({ how }: { how: string }) => [
    `A map worker ${how}.`,
    'Try again; report it if it comes back.',
  ]),
  mapFailed: says('internal', ({ reason }: { reason: string }) => [
    `A map could not be made: ${reason}`,
    'Report this word and its settings.',
  ]),
}
