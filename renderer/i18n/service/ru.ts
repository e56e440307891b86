/** Other programs: the local API and the status. */
import type { Messages } from '../en.ts'
import { counter } from '../plural.ts'

const n = counter('ru')
const pictures = { one: 'картина', few: 'картины', many: 'картин', other: 'картины' }

export const localApi: Messages['localApi'] = {
  title: 'Другие программы',
  allow: 'Программы этого компьютера могут пользоваться студией',
  what: 'Им доступны Writing Service и API OpenAI и AUTOMATIC1111, только на 127.0.0.1. Веб-страницам — никогда.',
  port: 'Порт',
  askToken: 'Требовать от них токен',
  noToken: 'Без него может войти любая программа этого компьютера.',
  copyToken: 'Скопировать токен',
  on: origin => `Их адрес: ${origin}.`,
  docs: 'Что можно вызвать',
  served: origin => `Эта студия запущена как служба: адрес для программ ${origin}.`,
}

export const status: Messages['status'] = {
  title: 'Состояние',
  queue: (running, waiting, paused) => `идёт ${running}, ждёт ${waiting}${paused ? ', на паузе' : ''}`,
  ready: 'Готова делать картины',
  silent: 'Студия не отвечает.',
  sinceStart: 'С запуска',
  made: (made, failed) => `${n(made, pictures)}${failed ? `, не вышло ${failed}` : ''}`,
  computedBy: 'Считает',
  processor: 'процессор',
  disk: 'Диск',
  unknown: 'неизвестно',
  models: 'Модели',
  chosen: 'выбрана',
  inMemory: 'в памяти',
  times: 'Время',
  size: 'Размер',
  count: 'Картин',
  mean: 'В среднем',
  p95: '95 % за',
  recent: 'Последние картины',
  stages: {
    ...{ maps: 'рисование карт', encode: 'текст', init: 'начало', load: 'загрузка' },
    ...{ control: 'чтение карт', step: 'шаги', decode: 'картина' },
  },
  memory: 'Память за последний час',
  memoryNow: (studio, inference) => `Студия ${studio}, вычисления ${inference}`,
  curve: most => `Память за последний час, не больше ${most}`,
  noCurve: 'Кривая появится через несколько секунд.',
}
