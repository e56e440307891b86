/** Errors of downloads: the network, the server, the disk, and what arrived. */
import { says } from './says.ts'

interface Of {
  /** The file's name. */
  file: string
}

export const downloads = {
  downloadUnknown: says('missing-model', ({ id, known }: { id: string; known: string }) => [
    `There is no model "${id}" to download.`,
    `Known: ${known}.`,
  ]),
  downloadAbsent: says('missing-model', ({ file, host }: Of & { host: string }) => [
    `${host} has no ${file} (any more).`,
    'Choose another mirror, or report that the list of models is out of date.',
  ]),
  downloadNotAllowed: says('missing-model', ({ file, host }: Of & { host: string }) => [
    `${host} does not give ${file} to everyone.`,
    'Accept its licence on the website and set a token: zihua models token.',
  ]),
  downloadRefused: says('missing-model', (v: Of & { host: string; status: number }) => [
    `${v.host} answered ${v.status} where ${v.file} was asked for.`,
    'Try it later, or choose another mirror.',
  ]),
  downloadPage: says('missing-model', ({ file, host }: Of & { host: string }) => [
    `${host} sent a web page in place of ${file}.`,
    'A login page or a proxy stands between: open the address in a browser, then try again.',
  ]),
  downloadSizeDiffers: says('missing-model', (v: Of & { host: string; bytes: number; wanted: number }) => [
    `${v.host} has a ${v.file} of ${v.bytes} bytes where ${v.wanted} were published.`,
    'Choose another mirror; nothing of it was kept.',
  ]),
  downloadSizeUnknown: says('missing-model', ({ file, host }: Of & { host: string }) => [
    `${host} does not say how large ${file} is, so that nobody can tell when it is whole.`,
    'Choose another mirror.',
  ]),
  downloadCorrupt: says('missing-model', ({ file }: Of) => [
    `${file} arrived damaged: its SHA-256 is not the published one.`,
    'Download it again, or choose another mirror; the damaged copy was deleted.',
  ]),
  downloadChanges: says('missing-model', ({ file }: Of) => [
    `${file} changed on the server while it was downloaded, again and again.`,
    'Try it later.',
  ]),
  downloadBroken: says('missing-model', ({ file, reason }: Of & { reason: string }) => [
    `The download of ${file} broke off: ${reason}.`,
    'Try it again: it goes on where it stopped.',
  ]),
  downloadNoRoom: says('cannot-write', (v: { folder: string; megabytes: number; free: number }) => [
    `The download needs ${v.megabytes} MB; ${v.folder} has ${v.free} MB left.`,
    'Make room, then try it again: it goes on where it stopped.',
  ]),
  downloadInTheWay: says('cannot-write', ({ file }: Of) => [
    `${file} is there already and is another file than the published one.`,
    'Move it away, then try it again.',
  ]),
  downloadBusy: says('busy', ({ id }: { id: string }) => [
    `"${id}" is being downloaded by another window or command.`,
    'Wait for that one to end.',
  ]),
  downloadManifestWrong: says('bad-request', ({ file, reason }: Of & { reason: string }) => [
    `${file} is no list of a model's files: ${reason}.`,
    'It needs id, name, kind, licence, revision and files with path, url, size and sha256.',
  ]),
  downloadNotVerified: says('bad-weights', ({ id, count, names }: { id: string; count: number; names: string }) => [
    `${count} files of "${id}" are not as they were published: ${names}.`,
    `Get them again with zihua models download ${id}.`,
  ]),
  downloadNotThere: says('missing-model', ({ id }: { id: string }) => [
    `"${id}" has not been downloaded.`,
    `Get it with zihua models download ${id}.`,
  ]),
  runtimeUnusable: says('bad-request', ({ folder, reason }: { folder: string; reason: string }) => [
    `The CUDA runtime in ${folder} cannot be used: ${reason}.`,
    'Name a folder with ONNX Runtime 1.23 or newer for CUDA and its libraries, or have the studio fetch them.',
  ]),
  runtimeElsewhere: says('bad-request', (v: { name: string; system: string; needed: string }) => [
    `"${v.name}" is for ${v.needed}, and this is ${v.system}.`,
    'Here the studio paints with what the system has; see zihua doctor.',
  ]),
  driverOld: says(
    'bad-request',
    ({ name, version, needed, fits }: { name: string; version: string; needed: string; fits: number | null }) => [
      `The NVIDIA driver ${version} is too old for "${name}".`,
      `Install driver ${needed} or newer${fits ? `, or take the runtime for CUDA ${fits}, which this one runs` : ''}, then try it again.`,
    ],
  ),
  proxyWrong: says('bad-request', ({ reason }: { reason: string }) => [
    `The proxy of HTTP_PROXY or HTTPS_PROXY cannot be used: ${reason}.`,
    'Correct the environment variable; an address looks like http://proxy:3128.',
  ]),
  mirrorWrong: says('bad-request', ({ mirror }: { mirror: string }) => [
    `"${mirror}" is no address of a mirror.`,
    'It looks like https://hf-mirror.example, and stands in the settings or in HF_ENDPOINT.',
  ]),
}
