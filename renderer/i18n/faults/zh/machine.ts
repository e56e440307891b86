import type { machine as area } from '../../../../core/faults/machine.ts'
import type { Translated } from '../translated.ts'

/** 关于本机：显卡、计算后端、内存。 */
export const machine: Translated<typeof area> = {
  driverTooOld: ({ driver, needed }) => [
    `NVIDIA 驱动 ${driver} 太旧，无法使用 CUDA。`,
    `请安装 ${needed} 或更新的驱动；在此之前由下一个后端计算。`,
  ],
}

export const machinePhrases = {
  nvidiaSmiHung: () => 'nvidia-smi 在 2 秒内没有回应：NVIDIA 驱动卡住了，重启可以解决',
  nvidiaSmiFailed: ({ reason }: { reason: string }) => `nvidia-smi 出错：${reason}`,
  nvidiaSmiGarbled: () => 'nvidia-smi 的回答不是显卡列表',
  rocmSmiHung: () => 'rocm-smi 在 2 秒内没有回应：AMD 驱动卡住了，重启可以解决',
  rocmSmiFailed: ({ reason }: { reason: string }) => `rocm-smi 出错：${reason}`,
}
