import type { damage as english } from '../../../../core/faults/damage.ts'
import type { TranslatedPhrases } from '../translated.ts'

const number = new Intl.NumberFormat('zh').format

/** 权重文件损坏在哪里。 */
export const damage: Pick<TranslatedPhrases, keyof typeof english> = {
  tooFewBytes: ({ bytes }) => `只有 ${number(bytes)} 字节，不足以是 safetensors 文件`,
  headerTooLong: ({ bytes, most }) => `文件头自称 ${number(bytes)} 字节，超过上限 ${number(most)}`,
  headerCutOff: ({ bytes, size }) => `${number(bytes)} 字节的文件头比文件本身（${number(size)} 字节）还长`,
  cutOff: ({ at }) => `文件在第 ${number(at)} 字节之前就结束了`,
  headerNotJson: () => '文件头不是 JSON，因此不是 safetensors 文件',
  headerNoObject: () => '文件头不是 JSON 对象',
  metadataWrong: () => '__metadata__ 不是字符串表',
  tooManyTensors: ({ count, most }) => `文件头列出 ${number(count)} 个张量，超过上限 ${number(most)}`,
  tensorUndescribed: ({ name }) => `张量“${name}”没有说明`,
  tensorDtype: ({ name, dtype }) => `张量“${name}”的数值类型 ${dtype} 未知`,
  tensorShape: ({ name, shape }) => `张量“${name}”的形状 ${shape} 不可能`,
  tensorOffsets: ({ name, offsets }) => `张量“${name}”的位置 ${offsets} 不可能`,
  tensorSize: ({ name, bytes, wanted }) =>
    `张量“${name}”占 ${number(bytes)} 字节，按形状和类型应为 ${number(wanted)} 字节`,
  tensorCutOff: ({ name }) => `张量“${name}”超出了文件末尾（文件不完整？）`,
  tensorOverlaps: ({ name }) => `张量“${name}”与前一个重叠`,
  tensorGap: ({ name, bytes }) => `张量“${name}”之前空了 ${number(bytes)} 字节`,
  bytesLeftOver: ({ bytes }) => `最后一个张量之后多出 ${number(bytes)} 字节`,
  notAnObject: () => '不是 JSON 对象',
  noWeightMap: () => '没有 weight_map',
  shardMisnamed: ({ shard }) => `它列出的分片名是 ${shard}`,
}
