import type { machine as area } from '../../../../core/faults/machine.ts'
import type { Translated } from '../translated.ts'

const number = new Intl.NumberFormat('ru').format

/** О машине: видеокарты, исполнители, память. */
export const machine: Translated<typeof area> = {
  doesNotFit: ({ needed, free, offers }) => [
    `Для этой картинки нужно около ${number(needed)} ГБ памяти, а свободно ${number(free)} ГБ.`,
    `Подойдёт: ${[...offers, 'закрыть другие программы'].join('; ')}. Или попробуйте всё равно.`,
  ],
  estimateFailed: ({ how }) => [
    `Поток, который оценивает память, завершился: ${how}.`,
    'Генерировать можно и без оценки; если повторится, сообщите об этом.',
  ],
  measureBusy: () => [
    'Пока создаётся картинка, измерять нельзя: медленнее станет и то и другое.',
    'Дождитесь её или остановите и измерьте снова.',
  ],
}

export const machinePhrases = {
  nvidiaSmiHung: () => 'nvidia-smi не ответила за 2 с: драйвер NVIDIA завис, поможет перезагрузка',
  nvidiaSmiFailed: ({ reason }: { reason: string }) => `nvidia-smi завершилась с ошибкой: ${reason}`,
  nvidiaSmiGarbled: () => 'ответ nvidia-smi — не список видеокарт',
  rocmSmiHung: () => 'rocm-smi не ответила за 2 с: драйвер AMD завис, поможет перезагрузка',
  rocmSmiFailed: ({ reason }: { reason: string }) => `rocm-smi завершилась с ошибкой: ${reason}`,

  estimateLater: () => 'станет известно с первой картинкой: тогда создаётся 16-битная копия этого файла',
  offerProfile: ({ profile }: { profile: string }) => `профиль памяти «${profile}»`,
  offerSize: ({ width, height, profile }: { width: number; height: number; profile: string }) =>
    `размер ${width}×${height} с профилем «${profile}»`,
  profileLowered: ({ from, to }: { from: string; to: string }) =>
    `памяти не хватило: вместо профиля «${from}» взят «${to}»`,
  stepSpilled: ({ times }: { times: string }) =>
    `память видеокарты заполнена, и драйвер берёт вместо неё память компьютера: шаг занял в ${times} раза больше времени, чем обычно. Закройте другие программы или выберите меньший профиль памяти или размер`,

  providerUntried: () => 'ещё не проверен',
  providerWithoutCard: () => 'не проверялся: видеокарта не найдена',
  providerPassed: () => 'считает верно',
  providerPassedAt32: () => 'считает верно в 32 битах; 16-битных чисел у карты или драйвера нет',
  providerWrong: ({ what }: { what: string }) =>
    `отклонён: неверно считает (${what}); может помочь новый драйвер — с ним проверка повторится`,
  providerHung: ({ seconds }: { seconds: string }) =>
    `отклонён: проверка зависла и прервана через ${seconds}; может помочь новый драйвер — с ним она повторится`,
  providerCrashed: ({ how }: { how: string }) =>
    `отклонён: проверка завершилась аварийно (${how}); может помочь новый драйвер — с ним она повторится`,
  providerFailed: ({ reason }: { reason: string }) => `отклонён: ${reason}`,
  providerUnavailable: ({ reason }: { reason: string }) => `не загружается: ${reason}`,
  cudaUnavailable: () =>
    'не загружается: библиотеки CUDA и cuDNN не найдены; их скачает экран моделей или zihua models download cuda-runtime',
  cudaNotLoaded: ({ folder, reason }: { folder: string; reason: string }) =>
    `библиотеки CUDA в ${folder} использовать нельзя: ${reason}; удалите их и скачайте снова: zihua models remove cuda-runtime, затем zihua models download cuda-runtime`,
  cudaWithoutCard: () => 'не загружается: нет карты NVIDIA с драйвером и библиотек CUDA',
  webgpuUnavailable: () =>
    'не загружается: нет видеокарты, доступной WebGPU; в Linux нужны загрузчик Vulkan (libvulkan1) и драйвер карты',
  providerNotUsed: ({ provider, says }: { provider: string; says: string }) =>
    `${provider} выбран, но не используется: ${says}`,
}
