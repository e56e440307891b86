import type { model } from '../../../../core/faults/model.ts'
import type { weights } from '../../../../core/faults/weights.ts'
import type { Translated } from '../translated.ts'

const CHECKPOINT = '请指定 SDXL 模型文件，或 Hugging Face 上 SDXL 模型的文件夹。'
const FOLDER = '模型文件夹需要 model_index.json，各部分需要 config.json，与 Hugging Face 发布的一致。'

/** 模型和权重文件。 */
export const models: Translated<typeof weights & typeof model> = {
  weightsMissing: ({ file }) => [`没有文件 ${file}。`, '请改正路径，或先下载模型。'],
  weightsRefused: ({ file, reason }) => [`无法读取 ${file}（${reason}）。`, '请检查文件的权限。'],
  weightsUnreadable: ({ file, reason }) => [`无法读取 ${file}（${reason}）。`, '请指定可以读取的文件。'],
  notWeights: ({ file, kind, todo }) => [`${file} 是${kind}，不是权重本身。`, todo],
  weightsDamaged: ({ file, damage }) => [`${file}：${damage}。`, '请重新下载，并与公布的大小和 SHA-256 核对。'],
  tensorMissing: ({ file, name, count }) => [`${file} 的 ${count} 个张量里没有“${name}”。`, '请指定其中的一个张量。'],
  weightsNotFloats: ({ file, count, names }) => [
    `${file}：有 ${count} 个张量不是 F16、BF16 或 F32：${names}。`,
    '请使用这个模型的 fp16、fp8、bf16 或 fp32 文件；不支持其他量化文件。',
  ],
  numbersNotRead: ({ dtype }) => [`不支持 ${dtype} 类型的数。`, '请使用 F16、BF16 或 F32 权重的文件。'],
  weightsNotFinite: ({ label, tensor }) => [
    `${label}：${tensor} 含有 NaN 或无穷大。`,
    '文件已损坏，或训练失败：请换一个。',
  ],
  weightsDoNotFit: ({ label, complaints }) => [
    `${label}：${complaints.join('；')}。`,
    '权重和它的 config.json 不配套：请从同一个模型取这两者。',
  ],
  scratchUnwritable: ({ folder, reason }) => [
    `无法在 ${folder} 里为合并的权重建立临时文件夹（${reason}）。`,
    '请检查权限和可用空间，或指定别的临时文件夹。',
  ],
  notALora: ({ file, kind }) => [`${file} 是${kind}，不是 LoRA。`, '请指定为 SDXL 制作的 LoRA。'],
  loraKeysUnknown: ({ file, count, names }) => [
    `${file}：有 ${count} 个键与这个模型不符：${names}。`,
    '请使用为 SDXL 制作的 LoRA。',
  ],
  loraFamilyUnread: ({ file, family }) => [
    `${file} 的内容是 ${family}，这里不支持读取。`,
    '请使用 LoRA、LoCon、LoHa、LoKr、DoRA、IA3 或对角 OFT。',
  ],
  loraNotFinite: ({ file, name }) => [`${file}：${name} 含有 NaN 或无穷大。`, '文件已损坏，或训练失败：请换一个。'],
  loraIncomplete: ({ file, name, lacks }) => [`${file}：${name} 缺少 ${lacks} 权重。`, '请重新下载文件。'],
  loraDoesNotFit: ({ file, name, parts, weight }) => [
    `${file}：${name}（${parts}）与权重 [${weight}] 不符。`,
    '请使用为 SDXL 制作的 LoRA。',
  ],
  notAnEmbedding: ({ file, kind }) => [
    `${file} 是${kind}，不是嵌入。`,
    '请指定为 SDXL 制作的嵌入（textual inversion）。',
  ],
  embeddingDoesNotFit: ({ file, name, shape, width }) => [
    `${file}：${name} [${shape}] 与文本编码器不符，它的每个词有 ${width} 个数。`,
    '请使用为 SDXL 制作的嵌入。',
  ],
  embeddingUneven: ({ file, first, second }) => [
    `${file}：两个文本编码器的向量数不同：${first} 和 ${second}。`,
    '请重新下载文件。',
  ],
  widenNoRoom: ({ file, folder, megabytes, free }) => [
    `${file} 需要转写一次为 16 位数，占 ${megabytes} MB；${folder} 只剩 ${free} MB。`,
    '请腾出空间，或使用这个模型的 fp16 文件。',
  ],

  modelUnknown: ({ model }) => [
    `没有叫“${model}”的模型，也没有这个名字的文件或文件夹。`,
    '请在设置里选择模型，或指定 Hugging Face 文件夹或 .safetensors 文件。',
  ],
  modelAbsent: ({ model }) => [`没有这个模型：${model}。`, '请指定 Hugging Face 文件夹或 .safetensors 文件。'],
  modelIsAddress: ({ model }) => [
    `${model} 是网址，不是这台电脑上的文件或文件夹。`,
    '请先下载模型，再添加下载好的文件；或在模型页面选择工作室能下载的模型。',
  ],
  modelGone: ({ model, path }) => [`模型“${model}”的文件不在 ${path}。`, '请在设置里重新添加。'],
  modelListDamaged: ({ file }) => [`${file} 已损坏。`, '请删除它，再重新添加你的模型。'],
  modelManifestDamaged: ({ file }) => [`${file} 已损坏。`, '请重新安装模型。'],
  formerDraftDamaged: ({ file }) => [`${file} 已损坏或缺失，无法还原以前的草图模型。`, '请重新安装工作室。'],
  modelPickled: ({ model }) => [
    `${model} 是 pickle 文件，读取时可能运行其中的代码。`,
    '请下载这个模型的 .safetensors 文件。',
  ],
  modelNotSdxl: ({ path, family }) => [
    `${path} 是 ${family}，不是 SDXL 模型。`,
    '请指定 Stable Diffusion XL 的文件夹或文件。',
  ],
  notACheckpoint: ({ path, kind }) => [`${path} 是${kind}。`, CHECKPOINT],
  checkpointIncomplete: ({ path, complaints }) => [
    `${path} 不是完整的 SDXL 模型：${complaints.join('；')}。`,
    '请重新下载，或换一个版本。',
  ],
  checkpointWithoutVae: ({ path }) => [`${path} 里没有 VAE。`, '请在模型之外另指定 VAE。'],
  notAVae: ({ file, kind }) => [`${file} 是${kind}，不是 VAE。`, '请指定 SDXL 的 VAE。'],
  notAControlnetUnion: ({ label }) => [
    `${label}：没有 task_embedding，因此不是 ControlNet-Union。`,
    '请指定 xinsir/controlnet-union-sdxl-1.0（6 种模式）或它的 ProMax 文件（8 种模式）。',
  ],
  configFolderMissing: ({ folder }) => [`没有配置文件夹 ${folder}。`, '请指定 Hugging Face 文件夹。'],
  configsIncomplete: () => [
    '配置里缺少 UNet 的 layers_per_block 或 VAE 的 block_out_channels。',
    '请指定制作这个模型文件所用的 Hugging Face 文件夹。',
  ],
  configMissing: ({ file }) => [`缺少 ${file}。`, FOLDER],
  configUnreadable: ({ file, reason }) => [`无法读取 ${file}（${reason}）。`, FOLDER],
  configUnsupported: ({ what, field, value, expected }) => [
    `${what}：config.json 里的“${field}”是 ${value}，不受支持（${expected}）。`,
    '请使用 SDXL 系列的模型，或报告这个模型。',
  ],
  partMissing: ({ folder, file }) => [`${folder} 里没有 ${file}。`, '请下载这个模型缺少的文件。'],
  partPickled: ({ folder, file }) => [
    `${folder} 里没有 ${file}，只有 pickle 格式的 .bin 文件。`,
    '请下载这个模型的 .safetensors 文件。',
  ],
  vocabularyMissing: ({ folder }) => [`${folder} 里没有 vocab.json 和 merges.txt。`, '请下载这个模型缺少的文件。'],
  tokenizerUnreadable: ({ folder, reason }) => [
    `无法读取 ${folder} 里的词元表：${reason}。`,
    '请重新下载这个模型的 vocab.json 和 merges.txt。',
  ],
}
