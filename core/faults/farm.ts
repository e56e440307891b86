/** Errors of a farm: several machines that make one set. */
import { says } from './says.ts'

export const farm = {
  farmAddressWrong: says('bad-request', ({ url }: { url: string }) => [
    `"${url}" is no address of a farm.`,
    'Give it as nats://HOST:4222 or tls://HOST:4222.',
  ]),
  farmKeyWrong: says('bad-request', ({ file, reason }: { file: string; reason: string }) => [
    `The key or certificate ${file} cannot be used: ${reason}.`,
    'Name the file that the farm was set up with.',
  ]),
  farmUnreachable: says('busy', ({ url, reason }: { url: string; reason: string }) => [
    `The farm at ${url} does not answer: ${reason}.`,
    'Start it with "zihua farm", or check its address and the network.',
  ]),
  farmRefused: says('bad-request', ({ url }: { url: string }) => [
    `The farm at ${url} refused the token or key.`,
    'Give the one that "zihua farm" printed (--token or ZIHUA_FARM_TOKEN).',
  ]),
  farmNoJetStream: says('bad-request', ({ url }: { url: string }) => [
    `The server at ${url} keeps no queues: JetStream is off.`,
    'Start it with JetStream, or let "zihua farm" start one.',
  ]),
  farmServerMissing: says('missing-model', () => [
    'There is no nats-server on this machine.',
    'Install it, name a running one with --server, or let "zihua farm --fetch" fetch it.',
  ]),
  farmServerUnknownHere: says('missing-model', ({ platform }: { platform: string }) => [
    `No nats-server is listed for ${platform}.`,
    'Install nats-server so that it is on the PATH, or name a running one with --server.',
  ]),
  farmServerFailed: says('internal', ({ reason }: { reason: string }) => [
    `nats-server did not start: ${reason}.`,
    'Choose another --listen address, or look at its log in the data folder.',
  ]),
  farmServerWrong: says('bad-weights', ({ url }: { url: string }) => [
    `What came from ${url} is not the file that was listed: its size or SHA-256 differs. It was deleted.`,
    'Try again from another network, or install nats-server by hand.',
  ]),
  farmServerUnfetched: says('missing-model', ({ url, reason }: { url: string; reason: string }) => [
    `nats-server could not be fetched from ${url}: ${reason}.`,
    'Try again, or install nats-server by hand.',
  ]),
  farmStorageFull: says('busy', ({ url }: { url: string }) => [
    `The farm at ${url} has no room left on its disk.`,
    'Make room there: nothing is lost. A server of "zihua farm" then goes on by itself; start another one again.',
  ]),
  farmSetAside: says('internal', ({ times, reason }: { times: number; reason: string }) => [
    `This picture was set aside: ${times} workers ended or failed on it, the last one with: ${reason}`,
    'Change its request, or try it again with --failed.',
  ]),
  farmWorkerEnded: says('inference-crashed', ({ worker }: { worker: string }) => [
    `The worker ${worker} ended while it painted.`,
    'Look at its log.',
  ]),
  farmResultWrong: says('internal', ({ worker, reason }: { worker: string; reason: string }) => [
    `What ${worker} sent is not the picture that was asked for: ${reason}.`,
    'Stop that worker and look at its log; the picture is made again.',
  ]),
  farmTaskTooLarge: says('bad-request', ({ bytes, most }: { bytes: number; most: number }) => [
    `This picture's request has ${bytes} bytes; the farm takes ${most}.`,
    'Make its drawings of fewer strokes, or make it on this machine.',
  ]),
  farmNotOurs: says('bad-request', ({ reason }: { reason: string }) => [
    `A message on the farm's queue is none of ours and was put aside: ${reason}.`,
    'Find out what else uses this server.',
  ]),
  farmOtherVersion: says('bad-request', ({ set, theirs, ours }: { set: string; theirs: string; ours: string }) => [
    `The set "${set}" is made with version ${theirs}; this worker has ${ours}.`,
    'Install the same version on all machines.',
  ]),
  farmLacksModel: says('missing-model', ({ set, models }: { set: string; models: string }) => [
    `The set "${set}" needs models that this worker does not have: ${models}.`,
    'Copy them here and add their folder with --models, or allow copying with --fetch-models.',
  ]),
  farmNobodyHasModel: says('missing-model', ({ models }: { models: string }) => [
    `No worker has these models: ${models}. Their pictures wait.`,
    'Add them to a worker, or allow copying with --fetch-models there and --share-models here.',
  ]),
  farmNobodyThere: says('busy', ({ url }: { url: string }) => [
    `No worker has joined the farm at ${url} yet.`,
    'Start "zihua worker --farm …" on the machines that are to paint; the set waits for them.',
  ]),
  farmOtherFingerprint: says('bad-request', ({ set, theirs, ours }: { set: string; theirs: string; ours: string }) => [
    `The set "${set}" asks for the same bytes as ${theirs} makes; this worker is ${ours}.`,
    'Use machines of one kind and as many threads, or make the set with --same look.',
  ]),
  farmCanaryDiffers: says('bad-request', (v: { worker: string; difference: string; legibility: string }) => [
    `${v.worker} painted another test picture than the producer: pixels differ by ${v.difference} of 255, legibility by ${v.legibility}. It does not join.`,
    'Check that its model files and drivers are the right ones.',
  ]),
  farmFontDiffers: says('bad-font', ({ worker, fonts }: { worker: string; fonts: string }) => [
    `${worker} drew the word with other fonts: ${fonts}.`,
    'Name the font by its file, which then travels, or install the same one there.',
  ]),
  farmModelChanged: says('bad-weights', ({ name }: { name: string }) => [
    `The files of the model ${name} are no longer those that this worker announced.`,
    'Start the worker again.',
  ]),
  farmModelWrong: says('bad-weights', ({ name }: { name: string }) => [
    `The copy of ${name} is damaged: its SHA-256 differs. It was deleted.`,
    'It is copied again when it is needed.',
  ]),
  farmAssetMissing: says('busy', ({ name }: { name: string }) => [
    `The file ${name}, which a picture needs, is not on the farm.`,
    'Start the export again: it puts it there.',
  ]),
  farmClockOff: says('bad-request', ({ worker, minutes }: { worker: string; minutes: number }) => [
    `The clock of ${worker} is ${minutes} minutes off. No picture suffers from it.`,
    'Set it right: its logs have wrong times.',
  ]),
  farmNoSuchWorker: says('bad-request', ({ worker, known }: { worker: string; known: string }) => [
    `There is no worker "${worker}" on the farm.`,
    `Choose one of: ${known}.`,
  ]),
  farmUnset: says('bad-request', () => ['No farm is set up in this studio.', 'Enter its address in the set sheet.']),
}
