import type { machine as area } from '../../../../core/faults/machine.ts'
import type { Translated } from '../translated.ts'

/** О машине: видеокарты, исполнители, память. */
export const machine: Translated<typeof area> = {
  driverTooOld: ({ driver, needed }) => [
    `Драйвер NVIDIA ${driver} слишком стар для CUDA.`,
    `Установите драйвер ${needed} или новее; до тех пор считает следующий исполнитель.`,
  ],
}

export const machinePhrases = {
  nvidiaSmiHung: () => 'nvidia-smi не ответила за 2 с: драйвер NVIDIA завис, поможет перезагрузка',
  nvidiaSmiFailed: ({ reason }: { reason: string }) => `nvidia-smi завершилась с ошибкой: ${reason}`,
  nvidiaSmiGarbled: () => 'ответ nvidia-smi — не список видеокарт',
  rocmSmiHung: () => 'rocm-smi не ответила за 2 с: драйвер AMD завис, поможет перезагрузка',
  rocmSmiFailed: ({ reason }: { reason: string }) => `rocm-smi завершилась с ошибкой: ${reason}`,
}
