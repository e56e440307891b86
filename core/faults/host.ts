/** Errors of HTTP requests, and of the server itself. */
import { says } from './says.ts'

const OPEN_AGAIN = 'Open the address that the studio printed when it started.'

export const host = {
  bodyUnreadable: says('bad-request', () => [
    'The request could not be read.',
    'Send what its address takes, JSON in UTF-8 or a form with its files; a page is reloaded.',
  ]),
  bodyNoObject: says('bad-request', () => [
    'The body of the request is no JSON object.',
    'Send one, such as {"word": "学习"}; the page /docs lists its fields.',
  ]),
  bodyCompressed: says('bad-request', ({ coding }: { coding: string }) => [
    `The body of the request is compressed (${coding}).`,
    'Send it uncompressed, without the header "Content-Encoding".',
  ]),
  bodyTooLarge: says('bad-request', ({ megabytes }: { megabytes: number }) => [
    `The request is larger than ${megabytes} MB.`,
    'Send less at once.',
  ]),
  nothingThere: says('bad-request', ({ path }: { path: string }) => [
    `There is nothing at ${path}.`,
    'The page /docs lists what programs may call; a page of an older version is reloaded.',
  ]),
  otherHost: says('bad-request', () => [
    'The request names another host.',
    `${OPEN_AGAIN} Where a proxy or a mapped port leads here, start it with --allow-host NAME:PORT.`,
  ]),
  otherSite: says('bad-request', () => ['The request comes from another site.', OPEN_AGAIN]),
  hostLost: says('internal', () => ['The studio does not answer.', 'Nothing is lost; try again once it is there.']),
  notLetIn: says('bad-request', () => ['This browser has not been let in.', OPEN_AGAIN]),
  openToAll: says('bad-request', ({ address }: { address: string }) => [
    `The studio would be open to every program that reaches ${address}.`,
    'Give it a token with --token.',
  ]),
  tokenNeeded: says('bad-request', () => [
    'The request carries no valid token.',
    'Send the header "Authorization: Bearer TOKEN" with the token that the server was started with.',
  ]),
  notJson: says('bad-request', () => [
    'The request is not JSON.',
    'Send JSON with the header "Content-Type: application/json".',
  ]),
  headerTwice: says('bad-request', ({ name }: { name: string }) => [
    `The request has the header "${name}" more than once.`,
    'Send it once.',
  ]),
  methodNotAllowed: says('bad-request', ({ method, path }: { method: string; path: string }) => [
    `${path} takes no ${method}.`,
    'The page /docs lists what each address takes.',
  ]),
  queueFull: says('busy', ({ most }: { most: number }) => [
    `The queue is full: ${most} jobs wait.`,
    'Try again when some of them are done.',
  ]),
  queuePaused: says('busy', () => ['The queue is paused.', 'Resume it in the studio.']),
  modelLoading: says('busy', ({ model }: { model: string }) => [
    `The model ${model} is being loaded.`,
    'Try again in a while.',
  ]),
  modelNotThere: says('missing-model', ({ model }: { model: string }) => [
    `The model ${model}, which pictures are made with, is lacking.`,
    'Add it again, or choose another one in the settings.',
  ]),
  overLimit: says('bad-request', ({ field, count, most }: { field: string; count: number; most: number }) => [
    `"${field}" is ${count}, and ${most} is the most that this service makes.`,
    'Lower it.',
  ]),
  noSuchJob: says('bad-request', ({ id }: { id: string }) => [
    `There is no job ${id}.`,
    'List the jobs to see which there are.',
  ]),
  jobNotDone: says('busy', ({ state }: { state: string }) => [
    `The job has no result, its state is "${state}".`,
    'Follow its events until it is done.',
  ]),
  jobIsSet: says('bad-request', ({ id }: { id: string }) => [
    'The job is an image set, which has no result of its own.',
    `GET /api/sets/${id} lists its pictures and failures; /api/sets/${id}/files has its files.`,
  ]),
  jobWasCancelled: says('cancelled', () => [
    'The job was cancelled, so it has no result.',
    'Send its request again as a new job.',
  ]),
  jobHasFailed: says('bad-request', ({ reason }: { reason: string }) => [
    `The job has failed, so it has no result. ${reason}`,
    'Mend what failed, and send its request again as a new job.',
  ]),
  setWithoutZip: says('bad-request', ({ id }: { id: string }) => [
    'This set was made without a ZIP file.',
    `Send "zip": true with the set for one; /api/sets/${id}/files has its files one by one.`,
  ]),
  setNotDone: says('busy', ({ id, state }: { id: string; state: string }) => [
    `The set has no ZIP file yet, its state is "${state}".`,
    `It is written at the end; POST /api/sets/${id}/resume goes on with a set that has stopped.`,
  ]),
  noSuchSetFile: says('bad-request', ({ id, name }: { id: string; name: string }) => [
    `The set has no file "${name}".`,
    `GET /api/sets/${id} lists its pictures; set.json names all files of a finished set.`,
  ]),
  sideNotLarger: says('bad-request', ({ side, longest }: { field: 'side'; side: number; longest: number }) => [
    `"side" is ${side}, and the longer side of the picture is ${longest} already.`,
    `Ask for a "side" above ${longest}.`,
  ]),
  pathClosed: says('bad-request', ({ field }: { field: string }) => [
    `"${field}" names a file or folder that is not open to this service.`,
    'Name a model, font or picture by its id, send a picture as a data URL, or start the service with --files FOLDER.',
  ]),
  notBase64: says('bad-image', ({ field }: { field: string }) => [
    `"${field}" is not base64.`,
    'Send the bytes of a picture as base64.',
  ]),
  notWithThis: says('bad-request', ({ field }: { field: string }) => [
    `"${field}" is not supported here.`,
    'Leave it out.',
  ]),
  portTaken: says('bad-request', ({ port }: { port: number }) => [
    `Port ${port} is taken.`,
    'Choose another one with --port; perhaps a studio is open already.',
  ]),
  studioOpen: says('busy', ({ address }: { address: string | null }) => [
    'A studio is open on this data folder already.',
    address === null ? 'Use its window, or close it first.' : `Use it at ${address} or close it first.`,
  ]),
  noStudioOpen: says('bad-request', ({ folder }: { folder: string }) => [
    `No studio is open on ${folder}.`,
    'Nothing has to be given back; ZIHUA_DATA names the data folder of another one.',
  ]),
  cannotListen: says('bad-request', ({ address, reason }: { address: string; reason: string }) => [
    `The studio cannot listen on ${address} (${reason}).`,
    'Choose another address.',
  ]),
  rendererNotBuilt: says('internal', ({ reason }: { reason: string }) => [
    `The renderer could not be built: ${reason}.`,
    'Run npm ci, then try again.',
  ]),
}
