/** Shortcuts and menus. */
import type { Messages } from '../en.ts'

export const shortcuts: Messages['shortcuts'] = {
  how: 'Выберите клавишу и нажмите другую. Пока вы печатаете, буквы остаются буквами.',
  press: 'Нажмите клавишу…',
  none: 'нет клавиши',
  takeAway: 'Убрать клавишу',
  reset: 'Обычная клавиша',
  resetAll: 'Все клавиши как обычно',
  reserved: key => `${key} переводит фокус или нажимает кнопки; нажмите другую клавишу.`,
  taken: (key, act) => `${key} уже значит «${act}»; нажмите другую клавишу.`,
}

export const menus: Messages['menus'] = {
  file: 'Файл',
  edit: 'Правка',
  view: 'Вид',
  window: 'Окно',
  cut: 'Вырезать',
  copy: 'Копировать',
  paste: 'Вставить',
  selectAll: 'Выделить всё',
  largerText: 'Текст крупнее',
  smallerText: 'Текст мельче',
  normalText: 'Обычный текст',
  fullScreen: 'Во весь экран',
  minimise: 'Свернуть',
  bringToFront: 'Все окна вперёд',
  about: 'О Zihua Studio',
  services: 'Службы',
  hide: 'Скрыть Zihua Studio',
  hideOthers: 'Скрыть остальные',
  showAll: 'Показать все',
  quit: 'Завершить',
}
