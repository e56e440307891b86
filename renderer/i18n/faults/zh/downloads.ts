import type { downloads as english } from '../../../../core/faults/downloads.ts'
import type { Translated } from '../translated.ts'

/** 下载：网络、服务器、磁盘，以及收到的内容。 */
export const downloads: Translated<typeof english> = {
  downloadUnknown: ({ id, known }) => [`没有可下载的模型“${id}”。`, `可用的有 ${known}。`],
  downloadAbsent: ({ file, host }) => [`${host} 上（已）没有 ${file}。`, '请换一个镜像，或反馈模型列表已过时。'],
  downloadNotAllowed: ({ file, host }) => [
    `${host} 不向所有人提供 ${file}。`,
    '请在网站上接受许可协议并设置令牌：zihua models token。',
  ],
  downloadRefused: ({ file, host, status }) => [
    `请求 ${file} 时 ${host} 返回 ${status}。`,
    '请稍后再试，或换一个镜像。',
  ],
  downloadPage: ({ file, host }) => [
    `${host} 返回的是网页，而不是 ${file}。`,
    '中间有登录页或代理：请用浏览器打开该地址，然后重试。',
  ],
  downloadSizeDiffers: ({ file, host, bytes, wanted }) => [
    `${host} 上的 ${file} 为 ${bytes} 字节，而公布的是 ${wanted} 字节。`,
    '请换一个镜像；没有保留任何内容。',
  ],
  downloadSizeUnknown: ({ file, host }) => [
    `${host} 没有说明 ${file} 的大小，无法判断何时下载完整。`,
    '请换一个镜像。',
  ],
  downloadCorrupt: ({ file }) => [
    `${file} 在传输中损坏：SHA-256 与公布的不一致。`,
    '请重新下载，或换一个镜像；损坏的副本已删除。',
  ],
  downloadChanges: ({ file }) => [`下载过程中 ${file} 在服务器上多次变化。`, '请稍后再试。'],
  downloadBroken: ({ file, reason }) => [`${file} 的下载中断：${reason}。`, '请重试：会从中断处继续。'],
  downloadNoRoom: ({ folder, megabytes, free }) => [
    `下载需要 ${megabytes} MB，而 ${folder} 只剩 ${free} MB。`,
    '请腾出空间后重试：会从中断处继续。',
  ],
  downloadInTheWay: ({ file }) => [`${file} 已经存在，而且不是公布的那个文件。`, '请把它移走，然后重试。'],
  downloadBusy: ({ id }) => [`“${id}”正在另一个窗口或命令中下载。`, '请等它结束。'],
  downloadManifestWrong: ({ file, reason }) => [
    `${file} 不是模型的文件清单：${reason}。`,
    '它需要 id、name、kind、licence、revision，以及带有 path、url、size 和 sha256 的 files。',
  ],
  downloadNotVerified: ({ id, count, names }) => [
    `“${id}”有 ${count} 个文件与公布的不一致：${names}。`,
    `请重新下载：zihua models download ${id}。`,
  ],
  downloadNotThere: ({ id }) => [`“${id}”还没有下载。`, `请下载：zihua models download ${id}。`],
  runtimeUnusable: ({ folder, reason }) => [
    `无法使用 ${folder} 里的 CUDA 运行库：${reason}。`,
    '请指定带有 CUDA 版 ONNX Runtime 1.23 或更新版本及其运行库的文件夹，或让工作室下载。',
  ],
  runtimeElsewhere: ({ name, system, needed }) => [
    `“${name}”适用于 ${needed}，而这里是 ${system}。`,
    '这里会使用系统现有的设备作画；见 zihua doctor。',
  ],
  driverOld: ({ name, version, needed, fits }) => [
    `NVIDIA 驱动 ${version} 太旧，无法使用“${name}”。`,
    `请安装 ${needed} 或更新的驱动${fits ? `，或改用此驱动可用的 CUDA ${fits} 运行库` : ''}，然后重试。`,
  ],
  proxyWrong: ({ reason }) => [
    `无法使用 HTTP_PROXY 或 HTTPS_PROXY 中的代理：${reason}。`,
    '请改正环境变量；地址形如 http://proxy:3128。',
  ],
  mirrorWrong: ({ mirror }) => [
    `“${mirror}”不是镜像地址。`,
    '地址形如 https://hf-mirror.example，在设置或 HF_ENDPOINT 中指定。',
  ],
}
