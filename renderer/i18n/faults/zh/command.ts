import type { command as english } from '../../../../core/faults/command.ts'
import type { Translated } from '../translated.ts'

/** 命令行：参数所指，以及写到哪里。 */
export const command: Translated<typeof english> = {
  outIsNoPng: ({ out, ending }) => [`${out} 以 ${ending} 结尾，而画以 PNG 保存。`, '请指定 .png 文件或文件夹。'],
  outIsFolder: ({ out }) => [`${out} 是文件夹。`, '请指定其中的文件。'],
  outIsNoFolder: ({ folder }) => [`${folder} 不是文件夹。`, '请另选位置。'],
  mapsUnwritable: ({ folder, reason }) => [
    `无法把控制图写入 ${folder}：${reason}`,
    '请选择可以写入且空间足够的文件夹。',
  ],
  methodListWrong: ({ item }) => [`“${item}”不是“图=方法”。`, '请写 all，或“图=方法,图=all”等。'],
  mapsOfNothing: () => ['控制图由词或图片画出。', '请二者选一。'],
  requestUnreadable: ({ file }) => [`无法读取 ${file}。`, '请检查请求的路径。'],
  requestNotJson: ({ file, reason }) => [`${file} 不是 JSON：${reason}。`, '请在该处改正。'],
  fewStepsUnknown: ({ name, known }) => [`没有少步预设“${name}”。`, `可用的有 ${known}；“lightning:8” 另外指定步数。`],
  samplerUnknown: ({ sampler, known }) => [`没有采样器“${sampler}”。`, `可用的有 ${known}。`],
  answerUnwritable: ({ reason }) => [`无法在标准输出上报告结果：${reason}。`, '请腾出空间，或改为输出到别处。'],
  noSuchFolder: ({ folder }) => [`没有文件夹 ${folder}。`, '请检查路径。'],
  modelStays: ({ model }) => [`“${model}”是工作室自带的，不能移除。`, '请指定自己添加或下载的模型。'],
  nothingToInspect: ({ picture }) => [`${picture} 里没有制作信息。`, '它的元数据已被删除，或制作它的程序不写元数据。'],
}
