import type { TranslatedPhrases } from '../translated.ts'
import { damage } from './damage.ts'
import { machinePhrases } from './machine.ts'

const number = new Intl.NumberFormat('zh').format

/** “不少于 5 个”“大于 0”；文字和列表说的是个数。 */
const least = (of: string, bound: number, inclusive: boolean) =>
  of === 'string'
    ? bound === 1
      ? '不能为空'
      : `至少 ${number(bound)} 个字符`
    : of === 'array'
      ? bound === 1
        ? '列表不能为空'
        : `至少 ${number(bound)} 个`
      : `应${inclusive ? '不小于' : '大于'} ${number(bound)}`

const most = (of: string, bound: number, inclusive: boolean) =>
  of === 'string'
    ? `太长，最多 ${number(bound)} 个字符`
    : of === 'array'
      ? `太多，最多 ${number(bound)} 个`
      : `应${inclusive ? '不大于' : '小于'} ${number(bound)}`

const TYPES: Record<string, string> = {
  string: '应为文字',
  number: '应为数',
  int: '应为整数',
  boolean: '应为 true 或 false',
  array: '应为列表',
  tuple: '应为列表',
  object: '应为对象',
  record: '应为对象',
}

const LOST: Record<string, string> = { model: '模型', controlnet: '控制网络', file: '文件', font: '字体' }

/** 句子的部分，不带句号。 */
export const phrases: TranslatedPhrases = {
  readAsWritten: ({ read, sure }) => `读作“${read}”，与所写一致；识别把握 ${sure} %。`,
  readOtherwise: ({ read, word }) => `读作“${read}”，而不是“${word}”。`,
  readAsVariant: ({ read, word }) => `读作“${read}”，即“${word}”的另一种写法。`,
  nothingRead: () => '在字应在的地方没有认出任何字。',
  scriptJudgedByOutline: () => '只能识别汉字、拉丁字母和希腊字母：此处按与字形轮廓的吻合程度评估。',
  scriptNotRead: ({ word }) => `无法评估：“${word}”中有不认识的字，而画中也没有记录字是怎样写的。`,
  judgedByOutlineAlone: () => '不知道写的是什么字：按与图形轮廓的吻合程度评估。',
  strokesTooThin: () => '无法评估：在这个尺寸下笔画太细。请生成更大的画。',
  noWordToCompare: () => '没有可比较的字：请用 --word 给出。',

  theRequest: () => '请求',
  theSet: () => '图集',
  theStyle: () => '风格',
  theStyleCalled: ({ id }) => `风格“${id}”`,
  theWordList: () => '词表',
  thePicture: () => '所选文件',
  theJob: () => '任务',
  theSearch: () => '查找',
  theNotes: () => '备注',
  theSettings: () => '设置',
  theScheduler: ({ name }) => `调度器 ${name}`,

  styleIdExpected: () => '应为小写字母、数字和单个连字符',
  colourExpected: () => '应为小写的“#rrggbb”',
  windowExpected: () => '开始晚于结束',
  fieldExpected: () => '应为“controls.canny.weight”这样的字段',
  sizeExpected: () => '应为“1024x768”这样的尺寸',
  scaleExpected: () => '缩放至少为 0.005',
  seedsBeyond: () => '各张画的种子依次递增，而最后一个会超过 9007199254740991',
  oneKeepExpected: () => '“best”和“legible”只能选一个',
  placeholderUnknown: ({ name }) => `没有 {${name}}，只有 {meaning} 和 {character}`,
  braceLoose: () => '有一个括号没有配对',
  meaningMissing: () => '缺少 {meaning}',
  labelNames: () => '文件名',
  labelTitle: () => '标题',
  labelSize: () => '尺寸',
  labelBleed: () => '出血',
  labelPictures: () => '图片',
  nameFieldUnknown: ({ field, known }) => `没有 ${field}；可用的有 ${known}`,
  nameBraceLoose: ({ template }) => `“${template}”里有一个括号没有配对`,

  noWords: () => '没有词',
  noWordColumn: () => '没有 word 列',
  noWord: () => '没有词',
  wordMuchTooLong: () => '词太长',
  seedNotWhole: ({ seed }) => `种子“${seed}”不是整数`,
  wordGarbled: () => '词里有 U+FFFD，即因编码错误而丢失的字符',
  meaningGarbled: () => '意思里有 U+FFFD，即因编码错误而丢失的字符',
  translationTooLong: ({ most }) => `意思超过 ${most} 个字符`,
  columnUnused: ({ name }) => `未使用“${name}”列`,
  columnUnnamed: ({ at }) => `第 ${at} 列没有列名，未使用`,
  columnOfAnki: ({ at, name }) => `第 ${at} 列是 Anki 的 ${name}，未使用`,
  ofWord: ({ word, problem }) => `词“${word}”：${problem}`,
  takenForNames: () => '这一行被当作列名',
  quoteInCell: () => '右引号后面还有文字：单元格里的引号请写两遍',
  cellsBeyond: ({ count }) => `列名之外有 ${count} 个单元格，未使用`,
  sheetTaken: ({ sheet, others }) => `读取了“${sheet}”，没有读取：${others}`,
  styleUnknown: ({ style }) => `没有风格“${style}”`,
  quoteNotClosed: () => '引号没有闭合：请补上，或写两遍',

  wordIsCrossed: ({ word, by, percent }) => `“${word}”的笔画有 ${percent}% 被 ${by} 遮住`,
  strokesFine: ({ word, pixels, least }) => `“${word}”的笔画宽 ${pixels} 像素，不到 ${least}：难以辨认`,
  nameTaken: ({ name }) => `${name}：因原名已被占用而改名。`,
  fileThere: ({ name }) => `${name}：因已有同名文件而改名。`,
  jpegKeepsGround: () => 'JPEG 不支持透明，这些文件会保留背景。',

  changed: ({ kind, name }) => `${LOST[kind] ?? kind} ${name}（已改变）`,
  absent: ({ kind, name }) => `${LOST[kind] ?? kind} ${name}（找不到）`,

  wholeNumberExpected: () => '应为整数',
  numberExpected: () => '应为数',
  booleanExpected: () => '应为 true 或 false',
  wholeNumbersExpected: ({ count }) => (count === null ? '应为若干整数' : `应为 ${count} 个整数`),
  knownAre: ({ names }) => `可用的有 ${names}`,
  onlyKnown: ({ value }) => `只支持 ${value}`,

  graphNotLoaded: ({ graph }) => `无法载入 ${graph}`,
  graphFailing: ({ graph }) => `${graph} 出错`,
  notReached: () => '没有回应',
  notStarted: ({ reason }) => `未能启动（${reason}）`,
  endedBySignal: ({ signal }) => `被 ${signal} 结束了`,
  endedByError: ({ reason }) => `出错（${reason}）`,
  endedWithCode: ({ code }) => `退出了（代码 ${code}）`,
  keysMissing: ({ count, names }) => `缺少 ${count} 个：${names}`,
  keysMisshapen: ({ count, names }) => `${count} 个形状不符：${names}`,
  loraNotInstalled: ({ name }) => `提示词里的 LoRA“${name}”没有安装：请把 ${name}.safetensors 放进 loras 文件夹`,
  embeddingNotInstalled: ({ name }) =>
    `提示词里的嵌入“${name}”没有安装：请把 ${name}.safetensors 放进 embeddings 文件夹`,
  embeddingsLeftOut: ({ file, count, names }) => `${file}：LoRA 附带的 ${count} 个嵌入没有使用：${names}`,
  loraPartly: ({ file, count, names }) => `${file}：有 ${count} 个键在这个模型里没有位置，已略过：${names}`,
  keysBeyondConfig: ({ count, names }) => `有 ${count} 个键属于配置之外的层：${names}`,

  // Latin letters after a Chinese word stand off by a space.
  aLora: () => ' LoRA',
  aControlnetUnion: () => ' ControlNet-Union',
  aVae: () => ' VAE',
  aControlnet: () => ' ControlNet（不是 Union）',
  aUnet: () => '单独的 UNet',
  aTextEncoder: () => '单独的文本编码器',
  noSdxlFile: () => '与 SDXL 模型无关的文件',
  aDistilledModel: () => '蒸馏版 SDXL，其 UNet 缺少部分层（如 SSD-1B、Vega、KOALA）',
  packedNumbers: ({ packing }) => `以几个比特打包数值的模型（${packing}），这里无法读取；请使用它的 fp16 或 fp8 文件`,
  anInpaintingModel: ({ channels }) => ` SDXL 的局部重绘模型，其 UNet 读 ${channels} 个通道而不是 4 个`,
  aCheckpointOf: ({ family }) => ` ${family} 的模型（不是 SDXL）`,
  aLoraFor: ({ family }) => `用于 ${family} 的 LoRA（不是 SDXL）`,
  aVaeOf: ({ family }) => ` ${family} 的 VAE（不是 SDXL 的）`,
  aControlnetFor: ({ family }) => `用于 ${family} 的 ControlNet（不是 SDXL）`,
  anEmbedding: () => '用于 SDXL 的嵌入（textual inversion）',
  anEmbeddingFor: ({ family }) => `用于 ${family} 的嵌入（textual inversion，不是 SDXL）`,
  anAuxiliary: ({ what }) => `与 SDXL 模型无关的部件（${what}）`,
  noCudaProvider: () => '里面没有 libonnxruntime 和 libonnxruntime_providers_cuda.so',
  noNvidiaDriver: () => '这台机器没有 NVIDIA 驱动',
  driverTooOld: ({ driver, cuda, needed, fits }) =>
    `NVIDIA 驱动 ${driver} 太旧，不支持 CUDA ${cuda}：请安装 ${needed} 或更新的驱动${fits ? `，或下载此驱动可用的 CUDA ${fits} 运行库（zihua models download cuda${fits}-runtime）` : ''}`,
  anLfsPointer: () => ' Git LFS 指针',
  anHtmlPage: () => ' HTML 网页',
  aPickle: () => ' pickle 文件，读取时可能运行其中的代码',
  aGguf: () => ' GGUF 文件',
  aPicture: () => '图片',
  aJsonText: () => ' JSON 文本',
  aText: () => '文本',
  aPdf: () => ' PDF 文档',
  anRtf: () => '文字处理文档（RTF）',
  anArchive: () => '压缩包',
  anOnnxModel: () => ' ONNX 模型',
  anHdf5File: () => ' HDF5 文件',
  onlyZeros: () => '全为零的文件，可能是下载中断留下的',
  lfsPull: () => '请在它的文件夹里运行“git lfs pull”，或直接下载该文件。',
  downloadInstead: () => '请重新下载：保存下来的是另外的内容。',
  unpackIt: () => '请先解压，再选用里面的 .safetensors 文件。',
  takeSafetensors: () => '请下载这个模型的 .safetensors 文件。',
  takeUnquantised: () => '请使用这个模型的 fp16 或 fp8 的 .safetensors 文件：不支持 GGUF。',
  aRefiner: () => ' SDXL 的 refiner（不是主模型）',
  aUnetWithoutEncoders: () => '没有文本编码器的 UNet',
  aCheckpoint: () => ' SDXL 模型',
  formatNotTaken: ({ format }) => `不接受 ${format} 格式`,
  recordIncomplete: () => '其中缺少一部分',
  itIsNoFile: () => '它不是文件',
  tooManyBytes: ({ most }) => `超过 ${number(most)} 字节`,
  ...damage,
  ...machinePhrases,

  tooSmall: ({ of, bound, inclusive }) => least(of, bound, inclusive),
  tooBig: ({ of, bound, inclusive }) => most(of, bound, inclusive),
  wrongType: ({ expected }) => TYPES[expected] ?? `应为 ${expected}`,
  fieldMissing: () => '缺少这一项',
  notOneOf: ({ choices }) => `应为其中之一：${choices}`,
  keysUnknown: ({ keys }) => `不认识的字段：${keys}`,
  notMultiple: ({ of }) => `应为 ${of} 的倍数`,
  notUnderstood: () => '看不懂这个值',
}
