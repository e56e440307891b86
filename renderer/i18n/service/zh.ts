/** Other programs: the local API and the status. */
import type { Messages } from '../en.ts'

export const localApi: Messages['localApi'] = {
  title: '其他程序',
  allow: '允许本机的程序使用工作室',
  what: '它们只能通过 127.0.0.1 使用 Writing Service 以及 OpenAI 和 AUTOMATIC1111 的接口；网页永远不行。',
  port: '端口',
  askToken: '要求它们出示令牌',
  noToken: '本机的任何程序都无需令牌。',
  copyToken: '复制令牌',
  on: origin => `程序访问 ${origin}。`,
  docs: '可以调用什么',
  served: origin => `工作室是作为服务启动的：程序访问 ${origin}。`,
}

export const status: Messages['status'] = {
  title: '状态',
  queue: (running, waiting, paused) => `进行中 ${running}，等待 ${waiting}${paused ? '，已暂停' : ''}`,
  ready: '可以作画',
  silent: '工作室没有回应。',
  sinceStart: '启动以来',
  made: (made, failed) => `${made} 张画${failed ? `，失败 ${failed}` : ''}`,
  computedBy: '计算设备',
  processor: '处理器',
  disk: '磁盘',
  unknown: '未知',
  models: '模型',
  chosen: '已选用',
  inMemory: '在内存中',
  times: '用时',
  size: '尺寸',
  count: '张数',
  mean: '平均',
  p95: '95 % 不超过',
  recent: '最近的画',
  stages: {
    ...{ maps: '绘制控制图', encode: '文字', init: '起始', load: '载入' },
    ...{ control: '读取控制图', step: '步骤', decode: '成画' },
  },
  memory: '最近一小时的内存',
  memoryNow: (studio, inference) => `工作室 ${studio}，推理 ${inference}`,
  curve: most => `最近一小时的内存，最多 ${most}`,
  noCurve: '曲线几秒后出现。',
}
