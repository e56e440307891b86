/** Errors of maps, and of the networks that some methods run. */
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
  aiModelUnknown: says('bad-request', ({ task, id, known }: { task: string; id: string; known: string }) => [
    `There is no ${task} model "${id}".`,
    `Choose among ${known}.`,
  ]),
  mapUnknown: says('bad-request', ({ map, known }: { map: string; known: string }) => [
    `There is no map "${map}".`,
    `Choose among ${known}.`,
  ]),
  mapMethodUnknown: says('bad-request', ({ map, method, known }: { map: string; method: string; known: string }) => [
    `The map ${map} has no method "${method}".`,
    `Choose among ${known}.`,
  ]),
  scribbleStyleWrong: says('bad-request', (v: { field: string; given: number; least: number; most: number }) => [
    `The scribble's ${v.field} is ${v.given}.`,
    `Give a number from ${v.least} to ${v.most}.`,
  ]),
}
