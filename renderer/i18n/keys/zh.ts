/** Shortcuts and menus. */
import type { Messages } from '../en.ts'

export const shortcuts: Messages['shortcuts'] = {
  how: '点选一个按键，再按新的键。打字时，单个字母仍是文字。',
  press: '请按键…',
  none: '没有按键',
  takeAway: '取消按键',
  reset: '恢复默认键',
  resetAll: '全部恢复默认',
  reserved: key => `${key} 用于移动焦点或按下按钮，请换一个键。`,
  taken: (key, act) => `${key} 已用于“${act}”，请换一个键。`,
}

export const menus: Messages['menus'] = {
  file: '文件',
  edit: '编辑',
  view: '显示',
  window: '窗口',
  cut: '剪切',
  copy: '复制',
  paste: '粘贴',
  selectAll: '全选',
  largerText: '放大文字',
  smallerText: '缩小文字',
  normalText: '标准文字',
  fullScreen: '全屏',
  minimise: '最小化',
  bringToFront: '全部置于前面',
  about: '关于 Zihua Studio',
  services: '服务',
  hide: '隐藏 Zihua Studio',
  hideOthers: '隐藏其他',
  showAll: '全部显示',
  quit: '退出',
}
