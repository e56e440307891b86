import type { engine } from '../../../../core/faults/engine.ts'
import type { host } from '../../../../core/faults/host.ts'
import type { library } from '../../../../core/faults/library.ts'
import type { request } from '../../../../core/faults/request.ts'
import type { sets } from '../../../../core/faults/sets.ts'
import type { Translated } from '../translated.ts'

const number = new Intl.NumberFormat('zh').format

const OPEN_AGAIN = '请打开工作室启动时给出的地址。'
const SHORTEN = '请缩短意思，或补充的内容。'
const GO_ON = '请再次导出，它会从中断处继续。'
const scheduler = (classes: string) => `可用 ${classes}，字段与 diffusers 相同。`

/** 请求、生成与保存，以及图集。 */
export const work: Translated<typeof request & typeof engine & typeof library & typeof host & typeof sets> = {
  fieldWrong: ({ what, field, issue }) => [
    `${what}：${field ? `“${field}”：` : ''}${issue}。`,
    '请改正这一项；README 列出了各字段和范围。',
  ],
  inputWrong: ({ field, issue }) => [`${field ? `“${field}”：` : ''}${issue}。`, '请改正这一项。'],
  sideWrong: ({ side, pixels, least, most, nearest }) => [
    `${side === 'width' ? '宽' : '高'}是 ${pixels}，应为 ${least} 到 ${most} 之间 8 的倍数。`,
    `最接近的合适尺寸是 ${nearest}。`,
  ],
  promptTooLong: ({ length, most }) => [`描述有 ${number(length)} 个字符，最多 ${number(most)} 个。`, SHORTEN],
  negativePromptTooLong: ({ length, most }) => [
    `“避免”里有 ${number(length)} 个字符，最多 ${number(most)} 个。`,
    SHORTEN,
  ],
  clipSkipTooLarge: ({ clipSkip, layers }) => [`“clipSkip”是 ${clipSkip}，而文本编码器只有 ${layers} 层。`, '请调低。'],
  noControlnet: () => [
    '画面由控制图约束，但没有控制网络 ControlNet-Union。',
    '请在设置里指定，或把所有控制图的强度设为 0。',
  ],
  controlKindUnknown: ({ known, kind }) => [
    `这个 ControlNet-Union 认得 ${known} 种控制图片，而需要的是第 ${kind} 种。`,
    'tile 和 repaint 需要 ProMax 版本。',
  ],
  stepsWrong: ({ steps, most }) => [`这个采样器不能用 ${number(steps)} 步。`, `请设为 1 到 ${number(most)} 步。`],
  timestepsWrong: ({ steps, most }) => [
    `调度器的 “timesteps” 与 ${number(steps)} 步不符。`,
    `每步给一个，逐个减小，第一个不超过 ${number(most)}；或者不写。`,
  ],
  consistencyStepsWrong: ({ sampler, steps, most }) => [
    `采样器 ${sampler} 最多 ${number(most)} 步，不能用 ${number(steps)} 步。`,
    '请设为 4 到 8 步。',
  ],
  strengthTooLow: ({ strength, steps }) => [
    `强度 ${strength}、共 ${steps} 步，没有一步可做。`,
    '请提高强度或增加步数。',
  ],
  modelSchedulerUnknown: ({ name, classes }) => [`不认识模型的调度器 ${name}。`, scheduler(classes)],
  schedulerUnknown: ({ name, classes }) => [`不认识调度器 ${name}。`, scheduler(classes)],
  schedulerFieldUnknown: ({ name, classes }) => [`不认识调度器的字段“${name}”。`, scheduler(classes)],
  fileUnreadable: ({ file, reason }) => [`无法读取 ${file}（${reason}）。`, '请选择一个普通文件。'],
  fieldUnreadable: ({ field, path }) => [`“${field}”：无法读取 ${path}。`, '请改正路径。'],
  noiseTooShort: ({ noise }) => [`“${noise}”里的噪声不够采样器使用。`, '请使用录制时的采样器。'],
  tensorUnnamed: ({ reference }) => [`“${reference}”没有指明张量。`, '请写成“文件.safetensors#张量”。'],
  latentsMissing: ({ file, name }) => [`${file} 里没有张量“${name}”。`, '请写成“文件.safetensors#张量”。'],
  latentsMisshapen: ({ file, name, shape, picture, wanted }) => [
    `${file} 里的“${name}”形状是 ${shape}，第 ${picture} 张需要 ${wanted} 个数。`,
    '请给出与画面尺寸相符的潜变量，每张一行。',
  ],

  memoryShort: () => ['内存不够画这张画。', '请选择较小的尺寸。'],
  graphOutOfMemory: ({ what }) => [`${what}：内存不足。`, '请选择较小的尺寸，或关闭其他程序。'],
  graphFailed: ({ what, reason }) => [`${what}：${reason}`, '请检查模型文件，或换一个模型。'],
  inferenceEnded: ({ how }) => [`绘制进程在画到一半时${how}。`, '请重新开始这张画；如果是内存不足，请选择较小的尺寸。'],
  cancelled: () => ['已取消。', '需要时可以重新开始。'],
  silent: ({ seconds }) => [
    `工作室的一个进程卡住了：${seconds} 秒没有任何反应，已被结束。`,
    '请重新开始；若再次卡住，请检查模型所在的磁盘或网络盘是否正常。',
  ],
  tooSlow: ({ seconds }) => [`${seconds} 秒内没有完成，已被结束。`, '请用较小的尺寸或别的文件重试。'],
  studioEnded: ({ times }) => [`工作室在这项任务中途退出了 ${times} 次。`, '请选择较小的尺寸或别的模型，再重试。'],
  jobKindUnknown: ({ kind }) => [`这个版本不能执行“${kind}”类任务。`, '请更新工作室。'],
  pictureFailed: ({ reason }) => [`这张画没有完成：${reason}`, '请重试；若再次失败，请连同设置一起报告。'],
  unexpected: ({ reason }) => [`意外错误：${reason}`, '请重试；若每次都出现，请报告。'],
  unexpectedInPicture: ({ reason }) => [`意外错误：${reason}`, '请重试这张画；若每次都失败，请报告。'],
  unexpectedInPage: ({ reason }) => [`意外错误：${reason}`, '请刷新页面；若每次都出现，请报告。'],
  scoreThreadEnded: ({ how }) => [`评估可读性的进程${how}。`, '请重试；若再次出现，请报告。'],
  scoreFailed: ({ reason }) => [`未能测出可读度：${reason}`, '请报告这张画。'],

  diskFull: ({ file }) => [`磁盘已满，${file} 没有写入。`, '请腾出空间再继续。'],
  fileUnwritable: ({ file, reason }) => [`无法写入 ${file}（${reason}）。`, '请检查文件夹、权限和可用空间。'],
  exportNeedsWord: ({ count }) => [
    `所选图片中有 ${count} 张没有字，而此导出需要字的轮廓。`,
    '请取消选择它们，或作为图片导出。',
  ],
  exportGone: () => ['这个导出已不存在。', '请重新导出图片。'],
  noSuchPicture: () => ['作品库里没有这张图片。', '它可能已被删除，请选择另一张。'],
  modelUnreadable: ({ path, reason }) => [`无法读取 ${path}（${reason}）。`, '请把文件放回原处，或重新添加模型。'],

  bodyUnreadable: () => [
    '无法读取请求。',
    '请发送该地址接受的内容：UTF-8 的 JSON，或带文件的表单；如果是页面，请刷新。',
  ],
  bodyNoObject: () => ['请求正文不是 JSON 对象。', '请发送一个对象，例如 {"word": "学习"}；字段见 /docs 页面。'],
  bodyCompressed: ({ coding }) => [`请求正文经过压缩（${coding}）。`, '请不要压缩，也不要带“Content-Encoding”标头。'],
  bodyTooLarge: ({ megabytes }) => [`请求超过 ${number(megabytes)} MB。`, '请分几次发送。'],
  nothingThere: ({ path }) => [`${path} 处什么也没有。`, '程序可以调用什么，见 /docs 页面；旧版本的页面请刷新。'],
  otherHost: () => [
    '请求指向了别的主机。',
    `${OPEN_AGAIN}如果是代理或映射的端口指向这里，请用 --allow-host 名称:端口 启动。`,
  ],
  otherSite: () => ['请求来自别的网站。', OPEN_AGAIN],
  hostLost: () => ['工作室没有回应。', '没有丢失任何内容；等它恢复后再试。'],
  notLetIn: () => ['这个浏览器还没有获准进入。', OPEN_AGAIN],
  openToAll: ({ address }) => [`凡能访问 ${address} 的程序都能使用工作室。`, '请用 --token 设置令牌。'],
  tokenNeeded: () => ['请求没有有效的令牌。', '请带上启动服务器时的令牌：“Authorization: Bearer 令牌”。'],
  notJson: () => ['请求不是 JSON。', '请发送 JSON，并带上“Content-Type: application/json”。'],
  headerTwice: ({ name }) => [`请求中的标头“${name}”不止一个。`, '请只发送一次。'],
  methodNotAllowed: ({ method, path }) => [`${path} 不接受 ${method}。`, '每个地址接受什么，见 /docs 页面。'],
  queueFull: ({ most }) => [`队列已满：有 ${number(most)} 个任务在等待。`, '请等一部分完成后再试。'],
  queuePaused: () => ['队列已暂停。', '请在工作室中继续。'],
  modelLoading: ({ model }) => [`模型 ${model} 正在载入。`, '请稍后再试。'],
  modelNotThere: ({ model }) => [`用来作画的模型 ${model} 不在了。`, '请重新添加，或在设置中选择别的模型。'],
  overLimit: ({ field, count, most }) => [`“${field}”为 ${number(count)}，本服务最多为 ${number(most)}。`, '请调低。'],
  noSuchJob: ({ id }) => [`没有任务 ${id}。`, '请查看任务列表。'],
  jobNotDone: ({ state }) => [`任务还没有结果，状态为“${state}”。`, '请跟随它的事件，直到完成。'],
  jobIsSet: ({ id }) => [
    '这个任务是图集，本身没有结果。',
    `GET /api/sets/${id} 列出它的图片和失败；文件在 /api/sets/${id}/files。`,
  ],
  jobWasCancelled: () => ['任务已取消，没有结果。', '请把请求作为新任务再发一次。'],
  jobHasFailed: ({ reason }) => [`任务失败，没有结果。${reason}`, '请排除原因，再把请求作为新任务发送。'],
  setWithoutZip: ({ id }) => [
    '这个图集没有制作 ZIP 文件。',
    `需要时请在图集里写 "zip": true；文件可在 /api/sets/${id}/files 逐个获取。`,
  ],
  setNotDone: ({ id, state }) => [
    `图集还没有 ZIP 文件，状态为“${state}”。`,
    `ZIP 在最后写出；停下的图集可用 POST /api/sets/${id}/resume 继续。`,
  ],
  noSuchSetFile: ({ id, name }) => [
    `图集里没有文件“${name}”。`,
    `GET /api/sets/${id} 列出它的图片；set.json 列出完成的图集的所有文件。`,
  ],
  sideNotLarger: ({ side, longest }) => [
    `“side”是 ${side}，而图片的长边已是 ${longest}。`,
    `“side”请大于 ${longest}。`,
  ],
  pathClosed: ({ field }) => [
    `“${field}”指向的文件或文件夹没有向本服务开放。`,
    '请用名称指定模型、字体或图片，以 data URL 发送图片，或用 --files 文件夹 启动服务。',
  ],
  notBase64: ({ field }) => [`“${field}”不是 base64。`, '请以 base64 发送图片的字节。'],
  notWithThis: ({ field }) => [`这里不支持“${field}”。`, '请去掉它。'],

  setTooLarge: ({ total, most }) => [`图集有 ${number(total)} 张，最多 ${number(most)} 张。`, '请分成几个。'],
  setNotJson: ({ file }) => [`${file} 不是有效的 JSON。`, '请改正，或使用带表头的 CSV。'],
  wordListWrong: ({ what, line, problem, columns }) => [
    `${what}：${line > 0 ? `第 ${line} 行：` : ''}${problem}。`,
    `第一行是列名：${columns}；只有 word 是必需的。`,
  ],
  listUnreadable: ({ file, reason }) => [`无法读取 ${file}：${reason}。`, '请重新保存词表，或存为 CSV。'],
  listTooLarge: ({ file, megabytes }) => [`${file} 超过 ${megabytes} MB。`, '请拆分词表。'],
  listNotText: ({ file }) => [`${file} 不是任何已知编码的文本。`, '请把词表存为 UTF-8 的 CSV，或 .xlsx。'],
  listIsOther: ({ file, kind }) => [`${file} 是${kind}，不是词表。`, '请把词表存为 UTF-8 的 CSV，或 .xlsx。'],
  listIsLocked: ({ file }) => [`${file} 是加了密码的 Excel 工作簿。`, '请去掉密码后另存，或存为 CSV。'],
  listIsOldWorkbook: ({ file }) => [`${file} 是旧式 Excel 工作簿（.xls）。`, '请存为 .xlsx 或 CSV。'],
  encodingUnknown: ({ encoding }) => [
    `没有“${encoding}”这种编码。`,
    '请指定 utf-8、gb18030、big5、shift_jis、euc-kr、windows-1251 或 windows-1252 等。',
  ],
  encodingWrong: ({ file, encoding }) => [
    `${file} 的编码不是 ${encoding}：其中有在该编码里没有意义的字节。`,
    '请选择其他编码，或把词表存为 UTF-8。',
  ],
  encodingUnclear: ({ file, first, firstLines, second, secondLines }) => [
    `${file} 的编码不明确：按 ${first} 开头是“${firstLines}”，按 ${second} 是“${secondLines}”。`,
    '请指定是哪一种（命令行用 --encoding）。',
  ],
  sheetUnknown: ({ sheet, sheets }) => [`没有工作表“${sheet}”。`, `请从中选择：${sheets}。`],
  columnNotThere: ({ column, choice }) => [
    `词表里没有作为 ${column} 的“${choice}”列。`,
    '请给出从 1 起的列号、表格的列字母，或第一行里的列名。',
  ],
  folderHolds: ({ folder, names }) => [
    `${folder} 里有同名文件，不是这个图集写的：${names}。`,
    '请选择其他文件夹，或覆盖它们（命令行用 --overwrite）。',
  ],
  folderHoldsOtherSet: ({ folder }) => [
    `${folder} 里是另一个图集。`,
    '请选择其他文件夹，或覆盖它（命令行用 --overwrite）。',
  ],
  glossaryUnreadable: ({ file, reason }) => [
    `无法读取词汇表 ${file}：${reason}。`,
    '请修正它，或把它移走：会新建一个。',
  ],
  glossaryEntryEmpty: () => ['需要词和它的意思。', '请两样都给出。'],
  matrixValueWrong: ({ field, value, issue }) => [
    `对比设置：“${field}”= ${value}：${issue}。`,
    '请填写请求的字段，以及它接受的取值。',
  ],
  matrixFieldUnknown: ({ field }) => [`对比设置：请求里没有字段“${field}”。`, '请填写请求的字段。'],
  matrixLabelsWrong: ({ what, field, values, labels }) => [
    `${what}：“${field}”有 ${values} 个取值和 ${labels} 个名称。`,
    '请给每个取值一个名称，或都不给。',
  ],
  namesWrong: ({ problem }) => [`文件名模板：${problem}。`, '请改正模板。'],
  setLocked: () => ['这个图集正在制作。', '请等它完成，或取消它。'],
  noSuchSet: () => ['队列里没有这个图集。', '请打开队列，另选一个。'],
  folderNotAbsolute: ({ folder }) => [`“${folder}”不是完整路径。`, '请用完整路径指定文件夹。'],

  numbersNotFinite: ({ where }) => [
    `模型算出了无穷大或无效的数，最早出现在 ${where}。`,
    '它的权重已损坏，或超出 16 位的范围：请重新下载，或改用 fp32 文件或 fp16-fix VAE。',
  ],
  noSuchJobKind: ({ kind, known }) => [`没有“${kind}”类任务。`, `可用的有 ${known}。`],
  libraryPictureUnreadable: ({ path, reason }) => [`无法读取 ${path}（${reason}）。`, '请重建作品库。'],
  recordDamaged: ({ name, field, issue }) => [
    `${name}里的制作记录已损坏（${field}：${issue}）。`,
    '它可能来自更新版本的工作室。',
  ],
  notOurs: ({ name }) => [
    `${name} 不是工作室的作品，或元数据已被删除。`,
    '请改用导入：其他程序写下的参数，凡能对应的都会读取。',
  ],
  databaseDamaged: ({ file }) => [`${file} 已损坏。`, '请把它改名后重新启动；作品不受影响。'],
  databaseTooNew: ({ file }) => [`${file} 由更新版本的工作室写成。`, '请更新工作室。'],
  databaseBusy: () => ['工作室的数据库正被其他程序使用。', '请关闭那个程序，或稍后再试。'],
  databaseFull: () => ['数据文件夹所在的磁盘已满。', '请释放一些空间，例如清空图库回收站；队列会自动继续。'],
  databaseUnwritable: ({ reason }) => [`无法写入工作室的数据库（${reason}）。`, '请检查数据文件夹、权限和可用空间。'],
  databaseUnreadable: () => ['工作室的数据库已损坏。', '请重新启动工作室：损坏的部分会被移开并重建；图片是安全的。'],
  putAside: ({ file, aside }) => [`${file} 已损坏，已根据可读的内容重建。`, `旧文件保存为 ${aside}。`],
  jobDamaged: ({ count }) => [`已从队列中移除 ${number(count)} 个损坏的条目。`, '请重新添加这些任务。'],
  databaseUnopened: ({ file, reason }) => [`无法打开 ${file}（${reason}）。`, '请检查数据文件夹、权限和可用空间。'],
  setStopped: () => ['图集已停止。', '可以重新开始，已完成的会保留。'],
  setUnreadable: ({ file, reason }) => [`无法读取 ${file}（${reason}）。`, '请指定 SET.json 或 WORDS.csv。'],
  setUnfinished: ({ folder, file }) => [`${folder} 里没有完成的图集：缺少 ${file}。`, GO_ON],
  manifestDamaged: ({ file }) => [`${file} 已损坏。`, GO_ON],
  setIncomplete: ({ failures, total }) => [
    `图集没有完成：${number(total)} 张中有 ${number(failures)} 张失败。`,
    '请再次运行；加 --failed 只重试失败的。',
  ],
  setHasFailures: ({ folder, failures }) => [
    `${folder} 里缺少未能制作的：${number(failures)} 张失败，其余文件完好。`,
    '请按说明改正后再次导出；加 --failed 只重试失败的。',
  ],
  setChanged: ({ folder }) => [`${folder} 的内容与清单不符。`, '请再次导出，它会补上缺少的。'],
  portTaken: ({ port }) => [`端口 ${port} 已被占用。`, '请用 --port 另选一个；也许工作室已经打开。'],
  studioOpen: ({ address }) => [
    '此数据文件夹的工作室已经打开。',
    address === null ? '请使用已打开的窗口，或先将其关闭。' : `请访问 ${address} ，或先将其关闭。`,
  ],
  noStudioOpen: ({ folder }) => [
    `没有打开 ${folder} 的工作室。`,
    '没有需要释放的内容；其他数据文件夹用 ZIHUA_DATA 指定。',
  ],
  cannotListen: ({ address, reason }) => [`工作室无法监听 ${address}（${reason}）。`, '请另选一个地址。'],
  rendererNotBuilt: ({ reason }) => [`无法构建工作室的页面：${reason}。`, '请运行 npm ci 后重试。'],
}
