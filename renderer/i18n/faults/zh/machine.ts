import type { machine as area } from '../../../../core/faults/machine.ts'
import type { Translated } from '../translated.ts'

/** 关于本机：显卡、计算后端、内存。 */
export const machine: Translated<typeof area> = {
  doesNotFit: ({ needed, free, offers }) => [
    `这张图约需 ${needed} GB 内存，可用的只有 ${free} GB。`,
    `可以：${[...offers, '关闭其他程序'].join('；')}；或者仍然尝试。`,
  ],
  estimateFailed: ({ how }) => [`估算内存的线程结束了：${how}。`, '仍可生成；如果再次出现，请报告。'],
  measureBusy: () => ['正在生成图片时无法测量：两者都会变慢。', '请等它完成或停止它，然后再测量。'],
}

export const machinePhrases = {
  nvidiaSmiHung: () => 'nvidia-smi 在 2 秒内没有回应：NVIDIA 驱动卡住了，重启可以解决',
  nvidiaSmiFailed: ({ reason }: { reason: string }) => `nvidia-smi 出错：${reason}`,
  nvidiaSmiGarbled: () => 'nvidia-smi 的回答不是显卡列表',
  rocmSmiHung: () => 'rocm-smi 在 2 秒内没有回应：AMD 驱动卡住了，重启可以解决',
  rocmSmiFailed: ({ reason }: { reason: string }) => `rocm-smi 出错：${reason}`,

  estimateLater: () => '生成第一张图时才知道：那时会制作这个量化文件的 16 位副本',
  offerProfile: ({ profile }: { profile: string }) => `内存方案“${profile}”`,
  offerSize: ({ width, height, profile }: { width: number; height: number; profile: string }) =>
    `尺寸 ${width}×${height}，方案“${profile}”`,
  profileLowered: ({ from, to }: { from: string; to: string }) => `内存不足：用内存方案“${to}”代替了“${from}”`,
  stepSpilled: ({ times }: { times: string }) =>
    `显存已满，驱动程序改用了电脑内存：每步用时是平常的 ${times} 倍。请关闭其他程序，或选择更小的内存方案或尺寸`,

  providerUntried: () => '尚未测试',
  providerWithoutCard: () => '未测试：没有找到显卡',
  providerPassed: () => '计算正确',
  providerPassedAt32: () => '以 32 位计算正确；显卡或驱动没有 16 位数',
  providerWrong: ({ what }: { what: string }) => `已拒绝：${what} 计算有误；更新驱动可能有用，更新后会再测试`,
  providerHung: ({ seconds }: { seconds: string }) =>
    `已拒绝：测试卡住，${seconds} 后被终止；更新驱动可能有用，更新后会再测试`,
  providerCrashed: ({ how }: { how: string }) => `已拒绝：测试崩溃（${how}）；更新驱动可能有用，更新后会再测试`,
  providerFailed: ({ reason }: { reason: string }) => `已拒绝：${reason}`,
  providerUnavailable: ({ reason }: { reason: string }) => `无法加载：${reason}`,
  cudaUnavailable: () => '无法加载：找不到 CUDA 和 cuDNN 库；可在模型页下载，或运行 zihua models download cuda-runtime',
  cudaNotLoaded: ({ folder, reason }: { folder: string; reason: string }) =>
    `无法使用 ${folder} 里的 CUDA 运行库：${reason}；请先运行 zihua models remove cuda-runtime 删除，再运行 zihua models download cuda-runtime 重新下载`,
  cudaWithoutCard: () => '无法加载：没有带驱动的 NVIDIA 显卡，也没有 CUDA 库',
  webgpuUnavailable: () => '无法加载：没有 WebGPU 可用的显卡；在 Linux 上需要 Vulkan 加载器（libvulkan1）和显卡驱动',
  providerNotUsed: ({ provider, says }: { provider: string; says: string }) =>
    `选择了 ${provider}，但没有使用：${says}`,
}
