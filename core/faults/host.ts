/** Errors of HTTP requests, and of the server itself. */
import { says } from './says.ts'

const OPEN_AGAIN = 'Open the address that the studio printed when it started.'

export const host = {
  bodyUnreadable: says('bad-request', () => ['The request could not be read.', 'Reload the page.']),
  bodyTooLarge: says('bad-request', ({ megabytes }: { megabytes: number }) => [
    `The request is larger than ${megabytes} MB.`,
    'Send less at once.',
  ]),
  nothingThere: says('bad-request', ({ path }: { path: string }) => [
    `There is nothing at ${path}.`,
    'Reload the page; it may be of an older version.',
  ]),
  otherHost: says('bad-request', () => ['The request names another host.', OPEN_AGAIN]),
  otherSite: says('bad-request', () => ['The request comes from another site.', OPEN_AGAIN]),
  hostLost: says('internal', () => ['The studio does not answer.', 'Nothing is lost; try again once it is there.']),
  notLetIn: says('bad-request', () => ['This browser has not been let in.', OPEN_AGAIN]),
  portTaken: says('bad-request', ({ port }: { port: number }) => [
    `Port ${port} is taken.`,
    'Choose another one with --port; perhaps a studio is open already.',
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
