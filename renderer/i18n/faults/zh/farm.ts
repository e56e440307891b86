import type { farm as english } from '../../../../core/faults/farm.ts'
import type { Translated } from '../translated.ts'

/** 渲染农场：多台机器共同制作一个图集。 */
export const farm: Translated<typeof english> = {
  farmAddressWrong: ({ url }) => [`“${url}”不是农场地址。`, '请写 nats://主机:4222 或 tls://主机:4222。'],
  farmKeyWrong: ({ file, reason }) => [`密钥或证书 ${file} 无法使用：${reason}。`, '请指定设置农场时所用的文件。'],
  farmUnreachable: ({ url, reason }) => [
    `农场 ${url} 没有应答：${reason}。`,
    '请用“zihua farm”启动它，或检查地址和网络。',
  ],
  farmRefused: ({ url }) => [
    `农场 ${url} 拒绝了令牌或密钥。`,
    '请给出“zihua farm”显示的令牌（--token 或 ZIHUA_FARM_TOKEN）。',
  ],
  farmNoJetStream: ({ url }) => [
    `服务器 ${url} 不保存队列：JetStream 未启用。`,
    '请启用 JetStream，或让“zihua farm”自行启动服务器。',
  ],
  farmServerMissing: () => [
    '这台机器上没有 nats-server。',
    '请安装它，用 --server 指定正在运行的服务器，或用“zihua farm --fetch”下载。',
  ],
  farmServerUnknownHere: ({ platform }) => [
    `没有适用于 ${platform} 的 nats-server。`,
    '请安装 nats-server 并加入 PATH，或用 --server 指定正在运行的服务器。',
  ],
  farmServerFailed: ({ reason }) => [
    `nats-server 没有启动：${reason}。`,
    '请用 --listen 另选地址，或查看数据文件夹中的日志。',
  ],
  farmServerWrong: ({ url }) => [
    `${url} 的文件与清单不符：大小或 SHA-256 不同，已删除。`,
    '请换一个网络再试，或手动安装 nats-server。',
  ],
  farmServerUnfetched: ({ url, reason }) => [
    `无法从 ${url} 下载 nats-server：${reason}。`,
    '请再试一次，或手动安装 nats-server。',
  ],
  farmStorageFull: ({ url }) => [
    `农场 ${url} 的磁盘已满。`,
    '请腾出空间：没有任何丢失。“zihua farm”启动的服务器会自动继续；其他服务器请重新启动。',
  ],
  farmSetAside: ({ times, reason }) => [
    `这张画已搁置：有 ${times} 台机器在它上面中断或出错，最后一次：${reason}`,
    '请修改请求，或用 --failed 再试。',
  ],
  farmWorkerEnded: ({ worker }) => [`${worker} 在绘制时中断了。`, '请查看它的日志。'],
  farmResultWrong: ({ worker, reason }) => [
    `${worker} 发来的不是所要的画：${reason}。`,
    '请停下那台机器并查看日志；这张画会重新绘制。',
  ],
  farmTaskTooLarge: ({ bytes, most }) => [
    `这张图片的请求有 ${bytes} 字节，农场最多接受 ${most} 字节。`,
    '请减少图画的笔画，或在本机制作。',
  ],
  farmNotOurs: ({ reason }) => [`农场队列中有一条外来消息，已搁置：${reason}。`, '请查明还有什么在使用这台服务器。'],
  farmOtherVersion: ({ set, theirs, ours }) => [
    `图集“${set}”由版本 ${theirs} 制作，这台机器是 ${ours}。`,
    '请在所有机器上安装同一版本。',
  ],
  farmLacksModel: ({ set, models }) => [
    `图集“${set}”需要这台机器没有的模型：${models}。`,
    '请复制过来并用 --models 指定文件夹，或用 --fetch-models 允许复制。',
  ],
  farmNobodyHasModel: ({ models }) => [
    `没有一台机器有这些模型：${models}。相应的画在等待。`,
    '请给某台机器添加模型，或允许复制：那边用 --fetch-models，这边用 --share-models。',
  ],
  farmNobodyThere: ({ url }) => [
    `还没有机器加入农场 ${url}。`,
    '请在要绘制的机器上运行“zihua worker --farm …”；图集会等待。',
  ],
  farmOtherFingerprint: ({ set, theirs, ours }) => [
    `图集“${set}”要求与 ${theirs} 相同的字节；这台机器是 ${ours}。`,
    '请使用同类且线程数相同的机器，或用 --same look 制作。',
  ],
  farmCanaryDiffers: ({ worker, difference, legibility }) => [
    `${worker} 的试画与制作方不同：像素相差 ${difference}（共 255），可读性相差 ${legibility}。它不加入。`,
    '请检查它的模型文件和驱动程序。',
  ],
  farmFontDiffers: ({ worker, fonts }) => [
    `${worker} 用了别的字体写字：${fonts}。`,
    '请用文件指定字体，它会随任务传送；或在那边安装同一字体。',
  ],
  farmModelChanged: ({ name }) => [`模型 ${name} 的文件已不是这台机器所报告的。`, '请重新启动这台机器的 worker。'],
  farmModelWrong: ({ name }) => [`${name} 的副本已损坏：SHA-256 不同，已删除。`, '需要时会重新复制。'],
  farmAssetMissing: ({ name }) => [`画所需的文件 ${name} 不在农场上。`, '请再次导出：它会放上去。'],
  farmClockOff: ({ worker, minutes }) => [
    `${worker} 的时钟差 ${minutes} 分钟，对画没有影响。`,
    '请校准：它的日志时间不对。',
  ],
  farmNoSuchWorker: ({ worker, known }) => [`农场里没有“${worker}”。`, `可选：${known}。`],
  farmUnset: () => ['工作室里还没有设置农场。', '请在图集面板中填写地址。'],
}
