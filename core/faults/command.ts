/** Errors of the command line: what its arguments name, and where it writes. */
import { says } from './says.ts'

export const command = {
  outIsNoPng: says('cannot-write', ({ out, ending }: { out: string; ending: string }) => [
    `${out} ends in ${ending}, and pictures are written as PNG.`,
    'Name a .png file or a folder.',
  ]),
  outIsFolder: says('cannot-write', ({ out }: { out: string }) => [`${out} is a folder.`, 'Name a file in it.']),
  outIsNoFolder: says('cannot-write', ({ folder }: { folder: string }) => [
    `${folder} is not a folder.`,
    'Choose another place.',
  ]),
  mapsUnwritable: says('cannot-write', ({ folder, reason }: { folder: string; reason: string }) => [
    `The maps cannot be written to ${folder}: ${reason}`,
    'Choose a folder that can be written, with room on its disk.',
  ]),
  methodListWrong: says('bad-request', ({ item }: { item: string }) => [
    `"${item}" is not map=method.`,
    'Write all, or map=method,map=all and so on.',
  ]),
  mapsOfNothing: says('bad-request', () => [
    'Maps are made of a word or of a picture.',
    'Give exactly one of the two.',
  ]),
  requestUnreadable: says('bad-request', ({ file }: { file: string }) => [
    `${file} cannot be read.`,
    'Check the path of the request.',
  ]),
  requestNotJson: says('bad-request', ({ file, reason }: { file: string; reason: string }) => [
    `${file} is not JSON: ${reason}.`,
    'Correct it there.',
  ]),
  fewStepsUnknown: says('bad-request', ({ name, known }: { name: string; known: string }) => [
    `There is no preset of few steps "${name}".`,
    `Choose one of ${known}; "lightning:8" is one with its number of steps.`,
  ]),
  samplerUnknown: says('bad-request', ({ sampler, known }: { sampler: string; known: string }) => [
    `There is no sampler "${sampler}".`,
    `Choose one of ${known}.`,
  ]),
  answerUnwritable: says('cannot-write', ({ reason }: { reason: string }) => [
    `What was done could not be told on standard output: ${reason}.`,
    'Make room there, or send it elsewhere.',
  ]),
  noSuchFolder: says('bad-request', ({ folder }: { folder: string }) => [
    `There is no folder ${folder}.`,
    'Check its path.',
  ]),
  modelStays: says('bad-request', ({ model }: { model: string }) => [
    `"${model}" is a part of the studio and stays.`,
    'Name a model that was added or downloaded.',
  ]),
  nothingToInspect: says('bad-image', ({ picture }: { picture: string }) => [
    `${picture} says nothing of its making.`,
    'Its metadata were removed, or the program that made it writes none.',
  ]),
}
