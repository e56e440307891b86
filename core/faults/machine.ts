/** What is said of the machine: its graphics cards, the providers that compute, its memory. */
import { says } from './says.ts'

/** "a, or b" */
const listed = (offers: readonly string[]) => (offers.length ? `${offers.join(', or ')}, or ` : '')

export const machine = {
  doesNotFit: says(
    'out-of-memory',
    ({ needed, free, offers }: { needed: number; free: number; offers: readonly string[] }) => [
      `This picture needs about ${needed} GB of memory, and ${free} GB are free.`,
      `Choose ${listed(offers)}close other programs, or try it anyway.`,
    ],
  ),
  estimateFailed: says('internal', ({ how }: { how: string }) => [
    `The thread that estimates memory ${how}.`,
    'Generate all the same; report it if it comes back.',
  ]),
  measureBusy: says('busy', () => [
    'Nothing can be measured while a picture is made: both would be slower than they are.',
    'Wait for it or stop it, then measure again.',
  ]),
}

export const machinePhrases = {
  nvidiaSmiHung: () => 'nvidia-smi did not answer within 2 s: the NVIDIA driver hangs, and a restart helps',
  nvidiaSmiFailed: ({ reason }: { reason: string }) => `nvidia-smi failed: ${reason}`,
  nvidiaSmiGarbled: () => 'nvidia-smi answered something that is no list of cards',
  rocmSmiHung: () => 'rocm-smi did not answer within 2 s: the AMD driver hangs, and a restart helps',
  rocmSmiFailed: ({ reason }: { reason: string }) => `rocm-smi failed: ${reason}`,

  estimateLater: () => 'not known before the first picture: a 16-bit copy of this quantised file is made then',
  offerProfile: ({ profile }: { profile: string }) => `the memory profile "${profile}"`,
  offerSize: ({ width, height, profile }: { width: number; height: number; profile: string }) =>
    `${width}×${height} with the profile "${profile}"`,
  profileLowered: ({ from, to }: { from: string; to: string }) =>
    `memory was short: made with the memory profile "${to}" in place of "${from}"`,
  stepSpilled: ({ times }: { times: string }) =>
    `the card's memory is full and its driver uses the computer's in its place: a step took ${times} times as long as usual. Close other programs, or choose a smaller memory profile or size`,

  providerUntried: () => 'not tried yet',
  providerWithoutCard: () => 'not tried: no graphics card was found',
  providerPassed: () => 'computes what it should',
  providerPassedAt32: () => 'computes what it should at 32 bits; its card or driver has no 16-bit numbers',
  providerWrong: ({ what }: { what: string }) =>
    `refused: it computes ${what} wrongly; a newer driver may help, and it is tried again with it`,
  providerHung: ({ seconds }: { seconds: string }) =>
    `refused: its test hung and was ended after ${seconds}; a newer driver may help, and it is tried again with it`,
  providerCrashed: ({ how }: { how: string }) =>
    `refused: its test ${how}; a newer driver may help, and it is tried again with it`,
  providerFailed: ({ reason }: { reason: string }) => `refused: ${reason}`,
  providerUnavailable: ({ reason }: { reason: string }) => `cannot be loaded: ${reason}`,
  cudaUnavailable: () =>
    'cannot be loaded: the CUDA and cuDNN libraries are not found; the models screen fetches them, as zihua models download cuda-runtime does',
  cudaNotLoaded: ({ folder, reason }: { folder: string; reason: string }) =>
    `the CUDA runtime in ${folder} cannot be used: ${reason}; remove it and fetch it again, with zihua models remove cuda-runtime and zihua models download cuda-runtime`,
  cudaWithoutCard: () => 'cannot be loaded: there is no NVIDIA card with its driver, nor the CUDA libraries',
  webgpuUnavailable: () =>
    'cannot be loaded: no graphics card that WebGPU can use; on Linux it needs the Vulkan loader (libvulkan1) and the card’s driver',
  providerNotUsed: ({ provider, says }: { provider: string; says: string }) =>
    `${provider} was asked for and is not used: ${says}`,
}
