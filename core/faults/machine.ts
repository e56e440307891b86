/** What is said of the machine: its graphics cards, the providers that compute, its memory. */
import { says } from './says.ts'

export const machine = {
  driverTooOld: says('bad-request', ({ driver, needed }: { driver: string; needed: string }) => [
    `The NVIDIA driver ${driver} is too old for CUDA.`,
    `Install driver ${needed} or newer; until then the next provider computes.`,
  ]),
}

export const machinePhrases = {
  nvidiaSmiHung: () => 'nvidia-smi did not answer within 2 s: the NVIDIA driver hangs, and a restart helps',
  nvidiaSmiFailed: ({ reason }: { reason: string }) => `nvidia-smi failed: ${reason}`,
  nvidiaSmiGarbled: () => 'nvidia-smi answered something that is no list of cards',
  rocmSmiHung: () => 'rocm-smi did not answer within 2 s: the AMD driver hangs, and a restart helps',
  rocmSmiFailed: ({ reason }: { reason: string }) => `rocm-smi failed: ${reason}`,
}
