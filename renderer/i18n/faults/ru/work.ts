import type { engine } from '../../../../core/faults/engine.ts'
import type { host } from '../../../../core/faults/host.ts'
import type { library } from '../../../../core/faults/library.ts'
import type { request } from '../../../../core/faults/request.ts'
import type { sets } from '../../../../core/faults/sets.ts'
import { counter } from '../../plural.ts'
import type { Translated } from '../translated.ts'

const n = counter('ru')
const number = new Intl.NumberFormat('ru').format
const characters = { one: 'знак', few: 'знака', many: 'знаков', other: 'знака' }
const steps = { one: 'шаг', few: 'шага', many: 'шагов', other: 'шага' }

const OPEN_AGAIN = 'Откройте адрес, который студия показала при запуске.'
const SHORTEN = 'Сократите значение или то, что добавлено.'
const GO_ON = 'Запустите экспорт снова: он продолжит с того же места.'
const scheduler = (classes: string) => `Есть ${classes}, с полями как в diffusers.`

/** О запросе, о том, кто его выполняет и хранит, и о наборах. */
export const work: Translated<typeof request & typeof engine & typeof library & typeof host & typeof sets> = {
  fieldWrong: ({ what, field, issue }) => [
    `${what}: ${field ? `«${field}»: ` : ''}${issue}.`,
    'Исправьте это поле; поля и их пределы перечислены в README.',
  ],
  inputWrong: ({ field, issue }) => [`${field ? `«${field}»: ` : ''}${issue}.`, 'Исправьте это поле.'],
  sideWrong: ({ side, pixels, least, most, nearest }) => [
    `${side === 'width' ? 'Ширина' : 'Высота'} ${number(pixels)} не подходит: нужно кратное 8 от ${number(least)} до ${number(most)}.`,
    `Ближайший подходящий размер — ${number(nearest)}.`,
  ],
  promptTooLong: ({ length, most }) => [
    `В описании ${n(length, characters)}, а можно не больше ${number(most)}.`,
    SHORTEN,
  ],
  negativePromptTooLong: ({ length, most }) => [
    `В поле «Избегать» ${n(length, characters)}, а можно не больше ${number(most)}.`,
    SHORTEN,
  ],
  clipSkipTooLarge: ({ clipSkip, layers }) => [
    `«clipSkip» равен ${clipSkip}, а слоёв в текстовом кодировщике ${layers}.`,
    'Уменьшите его.',
  ],
  noControlnet: () => [
    'Картиной управляют карты, а управляющей сети ControlNet-Union нет.',
    'Укажите её в настройках или поставьте всем картам силу 0.',
  ],
  controlKindUnknown: ({ known, kind }) => [
    `Эта ControlNet-Union знает ${n(known, { one: 'вид', few: 'вида', many: 'видов', other: 'вида' })} управляющих картинок, а нужен вид ${kind}.`,
    'Для tile и repaint нужна версия ProMax.',
  ],
  stepsWrong: ({ steps, most }) => [
    `Столько шагов этот сэмплер не делает: ${number(steps)}.`,
    `Поставьте от 1 до ${number(most)}.`,
  ],
  timestepsWrong: ({ steps: wanted, most }) => [
    `«timesteps» планировщика не подходят для ${number(wanted)} шагов.`,
    `Задайте по одному на шаг, каждый меньше предыдущего, начиная не больше чем с ${number(most)}, или уберите их.`,
  ],
  consistencyStepsWrong: ({ sampler, steps: wanted, most }) => [
    `Сэмплер ${sampler} делает не больше ${number(most)} шагов, а не ${number(wanted)}.`,
    'Поставьте от 4 до 8 шагов.',
  ],
  strengthTooLow: ({ strength, steps: count }) => [
    `При силе ${number(strength)} и ${n(count, { ...steps, one: 'шаге', few: 'шагах', many: 'шагах', other: 'шага' })} выполнять нечего.`,
    'Увеличьте силу или число шагов.',
  ],
  modelSchedulerUnknown: ({ name, classes }) => [`Планировщик модели ${name} неизвестен.`, scheduler(classes)],
  schedulerUnknown: ({ name, classes }) => [`Планировщик ${name} неизвестен.`, scheduler(classes)],
  schedulerFieldUnknown: ({ name, classes }) => [`Поле планировщика «${name}» неизвестно.`, scheduler(classes)],
  fileUnreadable: ({ file, reason }) => [`${file} не удаётся прочитать (${reason}).`, 'Выберите обычный файл.'],
  fieldUnreadable: ({ field, path }) => [`«${field}»: ${path} не удаётся прочитать.`, 'Исправьте путь.'],
  noiseTooShort: ({ noise }) => [
    `В «${noise}» меньше шума, чем нужно сэмплеру.`,
    'Возьмите сэмплер, с которым он записан.',
  ],
  tensorUnnamed: ({ reference }) => [`В «${reference}» не назван тензор.`, 'Пишите «файл.safetensors#тензор».'],
  latentsMissing: ({ file, name }) => [`В ${file} нет тензора «${name}».`, 'Пишите «файл.safetensors#тензор».'],
  latentsMisshapen: ({ file, name, shape, picture, wanted }) => [
    `У «${name}» в ${file} форма ${shape}, а картине ${picture} нужно ${wanted} чисел.`,
    'Нужны латенты размера картины, по строке на каждую картину.',
  ],

  memoryShort: () => ['На эту картину не хватает памяти.', 'Выберите картину меньше.'],
  graphOutOfMemory: ({ what }) => [
    `${what}: не хватает памяти.`,
    'Выберите картину меньше или закройте другие программы.',
  ],
  graphFailed: ({ what, reason }) => [`${what}: ${reason}`, 'Проверьте файлы модели или выберите другую модель.'],
  inferenceEnded: ({ how }) => [
    `Процесс, который рисует, ${how} посреди картины.`,
    'Запустите картину снова; если не хватило памяти, выберите размер меньше.',
  ],
  cancelled: () => ['Отменено.', 'Запустите снова, когда захотите.'],
  silent: ({ seconds }) => [
    `Процесс студии завис: ${seconds} с не подавал признаков жизни и был завершён.`,
    'Запустите снова; если повторится, проверьте, отвечает ли диск или сетевая папка с моделью.',
  ],
  tooSlow: ({ seconds }) => [
    `За ${seconds} с работа не закончилась и была остановлена.`,
    'Попробуйте меньший размер или другой файл.',
  ],
  studioEnded: ({ times }) => [
    `Студия ${n(times, { one: 'раз', few: 'раза', many: 'раз', other: 'раза' })} завершилась посреди этой работы.`,
    'Выберите размер меньше или другую модель и попробуйте снова.',
  ],
  jobKindUnknown: ({ kind }) => [`Эта версия не умеет выполнять работу вида «${kind}».`, 'Обновите студию.'],
  pictureFailed: ({ reason }) => [
    `Картина не получилась: ${reason}`,
    'Попробуйте ещё раз; если не выйдет снова, сообщите нам вместе с настройками.',
  ],
  unexpected: ({ reason }) => [
    `Непредвиденная ошибка: ${reason}`,
    'Попробуйте ещё раз; если повторится, сообщите нам.',
  ],
  unexpectedInPicture: ({ reason }) => [
    `Непредвиденная ошибка: ${reason}`,
    'Попробуйте эту картину ещё раз; если повторится, сообщите нам.',
  ],
  unexpectedInPage: ({ reason }) => [
    `Непредвиденная ошибка: ${reason}`,
    'Обновите страницу; если повторится, сообщите нам.',
  ],
  scoreThreadEnded: ({ how }) => [
    `Процесс оценки читаемости ${how}.`,
    'Попробуйте ещё раз; если повторится, сообщите нам.',
  ],
  scoreFailed: ({ reason }) => [`Читаемость не измерена: ${reason}`, 'Сообщите нам об этой картине.'],

  diskFull: ({ file }) => [`Диск заполнен: ${file} не записан.`, 'Освободите место и продолжайте.'],
  fileUnwritable: ({ file, reason }) => [
    `Не удаётся записать ${file} (${reason}).`,
    'Проверьте папку, права доступа и свободное место.',
  ],
  exportNeedsWord: ({ count }) => [
    `Без слова сделано: ${n(count, { one: 'картина', few: 'картины', many: 'картин', other: 'картины' })}, а этому экспорту нужен контур слова.`,
    'Уберите их из выбора или экспортируйте как картины.',
  ],
  exportGone: () => ['Этого экспорта уже нет.', 'Экспортируйте картины снова.'],
  noSuchPicture: () => ['Такой картины в библиотеке нет.', 'Возможно, она удалена: выберите другую.'],
  modelUnreadable: ({ path, reason }) => [
    `${path} не удаётся прочитать (${reason}).`,
    'Верните файл на место или добавьте модель снова.',
  ],

  bodyUnreadable: () => [
    'Запрос не удалось прочитать.',
    'Пришлите то, что принимает этот адрес: JSON в UTF-8 или форму с файлами; страницу обновите.',
  ],
  bodyNoObject: () => [
    'Тело запроса — не объект JSON.',
    'Пришлите объект, например {"word": "学习"}; поля перечислены на странице /docs.',
  ],
  bodyCompressed: ({ coding }) => [
    `Тело запроса сжато (${coding}).`,
    'Пришлите его несжатым, без заголовка «Content-Encoding».',
  ],
  bodyTooLarge: ({ megabytes }) => [`Запрос больше ${number(megabytes)} МБ.`, 'Отправьте меньше за раз.'],
  nothingThere: ({ path }) => [
    `По адресу ${path} ничего нет.`,
    'Что можно вызвать, сказано на странице /docs; страницу старой версии обновите.',
  ],
  otherHost: () => [
    'Запрос обращён к другому узлу.',
    `${OPEN_AGAIN} Если сюда ведёт прокси или проброшенный порт, запустите её с --allow-host ИМЯ:ПОРТ.`,
  ],
  otherSite: () => ['Запрос пришёл с другого сайта.', OPEN_AGAIN],
  hostLost: () => ['Студия не отвечает.', 'Ничего не пропало; повторите, когда она вернётся.'],
  notLetIn: () => ['Этот браузер не впущен в студию.', OPEN_AGAIN],
  openToAll: ({ address }) => [
    `Студия была бы открыта всем программам, которым доступен ${address}.`,
    'Задайте токен через --token.',
  ],
  tokenNeeded: () => [
    'В запросе нет верного токена.',
    'Пришлите заголовок «Authorization: Bearer ТОКЕН» с токеном, с которым запущен сервер.',
  ],
  notJson: () => ['Запрос — не JSON.', 'Пришлите JSON с заголовком «Content-Type: application/json».'],
  headerTwice: ({ name }) => [`Заголовок «${name}» в запросе не один раз.`, 'Пришлите его один раз.'],
  methodNotAllowed: ({ method, path }) => [
    `${path} не принимает ${method}.`,
    'Что принимает каждый адрес, сказано на странице /docs.',
  ],
  queueFull: ({ most }) => [
    `Очередь полна: ждут ${n(most, { one: 'задание', few: 'задания', many: 'заданий', other: 'задания' })}.`,
    'Повторите, когда часть из них будет готова.',
  ],
  queuePaused: () => ['Очередь приостановлена.', 'Возобновите её в студии.'],
  modelLoading: ({ model }) => [`Модель ${model} загружается.`, 'Повторите немного позже.'],
  modelNotThere: ({ model }) => [
    `Модели ${model}, которой делаются картины, нет.`,
    'Добавьте её снова или выберите в настройках другую.',
  ],
  overLimit: ({ field, count, most }) => [
    `«${field}» — ${number(count)}, а служба делает не больше ${number(most)}.`,
    'Уменьшите его.',
  ],
  noSuchJob: ({ id }) => [`Задания ${id} нет.`, 'Посмотрите в списке, какие есть.'],
  jobNotDone: ({ state }) => [
    `У задания нет результата, его состояние «${state}».`,
    'Следите за его событиями до конца.',
  ],
  jobIsSet: ({ id }) => [
    'Это задание — набор картин, своего результата у него нет.',
    `GET /api/sets/${id} перечисляет его картины и неудачи; файлы лежат в /api/sets/${id}/files.`,
  ],
  jobWasCancelled: () => ['Задание отменено, результата нет.', 'Отправьте запрос ещё раз новым заданием.'],
  jobHasFailed: ({ reason }) => [
    `Задание не удалось, результата нет. ${reason}`,
    'Устраните причину и отправьте запрос ещё раз новым заданием.',
  ],
  setWithoutZip: ({ id }) => [
    'Этот набор сделан без файла ZIP.',
    `Чтобы он был, добавьте к набору "zip": true; по одному файлы лежат в /api/sets/${id}/files.`,
  ],
  setNotDone: ({ id, state }) => [
    `Файла ZIP у набора ещё нет, его состояние «${state}».`,
    `Он пишется в конце; остановленный набор продолжит POST /api/sets/${id}/resume.`,
  ],
  noSuchSetFile: ({ id, name }) => [
    `В наборе нет файла «${name}».`,
    `GET /api/sets/${id} перечисляет его картины; set.json — все файлы готового набора.`,
  ],
  sideNotLarger: ({ side, longest }) => [
    `«side» — ${side}, а длинная сторона картины уже ${longest}.`,
    `Задайте «side» больше ${longest}.`,
  ],
  pathClosed: ({ field }) => [
    `«${field}» называет файл или папку, которые этой службе не открыты.`,
    'Назовите модель, шрифт или картину по имени, пришлите картину как data URL или запустите службу с --files ПАПКА.',
  ],
  notBase64: ({ field }) => [`«${field}» — не base64.`, 'Пришлите байты картины в base64.'],
  notWithThis: ({ field }) => [`«${field}» здесь не поддерживается.`, 'Уберите это поле.'],

  setTooLarge: ({ total, most }) => [
    `В наборе ${n(total, { one: 'картина', few: 'картины', many: 'картин', other: 'картины' })}, а можно не больше ${number(most)}.`,
    'Разделите его.',
  ],
  setNotJson: ({ file }) => [`${file} — не JSON.`, 'Исправьте его или дайте CSV со строкой заголовков.'],
  wordListWrong: ({ what, line, problem, columns }) => [
    `${what}: ${line > 0 ? `строка ${number(line)}: ` : ''}${problem}.`,
    `Первая строка называет столбцы: ${columns}; обязателен только word.`,
  ],
  listUnreadable: ({ file, reason }) => [`${file} не читается: ${reason}.`, 'Сохраните список ещё раз или как CSV.'],
  listTooLarge: ({ file, megabytes }) => [`${file} больше ${megabytes} МБ.`, 'Разделите список.'],
  listNotText: ({ file }) => [
    `${file} — не текст ни в одной из известных кодировок.`,
    'Сохраните список как CSV в UTF-8 или как .xlsx.',
  ],
  listIsOther: ({ file, kind }) => [
    `${file} — это ${kind}, а не список.`,
    'Сохраните список как CSV в UTF-8 или как .xlsx.',
  ],
  listIsLocked: ({ file }) => [`${file} — книга Excel, закрытая паролем.`, 'Сохраните её без пароля или как CSV.'],
  listIsOldWorkbook: ({ file }) => [`${file} — книга Excel старого вида (.xls).`, 'Сохраните её как .xlsx или CSV.'],
  encodingUnknown: ({ encoding }) => [
    `Кодировки «${encoding}» нет.`,
    'Назовите, например, utf-8, gb18030, big5, shift_jis, euc-kr, windows-1251 или windows-1252.',
  ],
  encodingWrong: ({ file, encoding }) => [
    `${file} не в кодировке ${encoding}: есть байты, которые в ней ничего не значат.`,
    'Выберите другую кодировку или сохраните список в UTF-8.',
  ],
  encodingUnclear: ({ file, first, firstLines, second, secondLines }) => [
    `Кодировка файла ${file} неясна: в ${first} он начинается «${firstLines}», в ${second} — «${secondLines}».`,
    'Укажите, какая верна (--encoding в командной строке).',
  ],
  sheetUnknown: ({ sheet, sheets }) => [`Листа «${sheet}» нет.`, `Выберите один из: ${sheets}.`],
  columnNotThere: ({ column, choice }) => [
    `В списке нет столбца «${choice}» для ${column}.`,
    'Укажите номер с 1, букву, как в таблице, или имя из первой строки.',
  ],
  folderHolds: ({ folder, names }) => [
    `В ${folder} есть файлы с теми же именами, записанные не этим набором: ${names}.`,
    'Выберите другую папку или перезапишите их (--overwrite в командной строке).',
  ],
  folderHoldsOtherSet: ({ folder }) => [
    `В ${folder} лежит другой набор.`,
    'Выберите другую папку или перезапишите его (--overwrite в командной строке).',
  ],
  glossaryUnreadable: ({ file, reason }) => [
    `Словарик ${file} не читается: ${reason}.`,
    'Исправьте его или уберите: будет начат новый.',
  ],
  glossaryEntryEmpty: () => ['Нужны слово и его значение.', 'Укажите оба.'],
  matrixValueWrong: ({ field, value, issue }) => [
    `Сравнение настроек: «${field}» = ${value}: ${issue}.`,
    'Назовите поле запроса и значения, которые оно принимает.',
  ],
  matrixFieldUnknown: ({ field }) => [`Сравнение настроек: поля «${field}» в запросе нет.`, 'Назовите поле запроса.'],
  matrixLabelsWrong: ({ what, field, values, labels }) => [
    `${what}: у «${field}» значений ${number(values)}, а подписей ${number(labels)}.`,
    'Дайте подпись каждому значению или не давайте ни одной.',
  ],
  namesWrong: ({ problem }) => [`Имена файлов: ${problem}.`, 'Исправьте шаблон имён.'],
  setLocked: () => ['Этот набор уже делается.', 'Дождитесь его или остановите.'],
  noSuchSet: () => ['Такого набора в очереди нет.', 'Откройте очередь и выберите другой.'],
  folderNotAbsolute: ({ folder }) => [`«${folder}» — не полный путь.`, 'Укажите папку полным путём.'],

  numbersNotFinite: ({ where }) => [
    `Модель насчитала бесконечные или неопределённые числа, впервые здесь: ${where}.`,
    'Её веса повреждены или не умещаются в 16 бит: скачайте их снова или возьмите файлы fp32 либо VAE fp16-fix.',
  ],
  noSuchJobKind: ({ kind, known }) => [`Работы вида «${kind}» нет.`, `Есть ${known}.`],
  libraryPictureUnreadable: ({ path, reason }) => [
    `${path} не удаётся прочитать (${reason}).`,
    'Постройте библиотеку заново.',
  ],
  recordDamaged: ({ name, field, issue }) => [
    `Запись о том, как сделана картина, повреждена: ${name} (${field}: ${issue}).`,
    'Возможно, её сделала более новая версия студии.',
  ],
  notOurs: ({ name }) => [
    `Картина ${name} сделана не в студии, или её метаданные удалены.`,
    'Возьмите её настройки через импорт: из записей других программ читается всё, чему есть соответствие.',
  ],
  databaseDamaged: ({ file }) => [
    `Файл ${file} повреждён.`,
    'Переименуйте его и запустите студию снова; картины целы.',
  ],
  databaseTooNew: ({ file }) => [`Файл ${file} сделан более новой версией студии.`, 'Обновите студию.'],
  databaseBusy: () => [
    'База данных студии занята другой программой.',
    'Закройте эту программу или попробуйте чуть позже.',
  ],
  databaseFull: () => [
    'Диск, на котором лежит папка данных, заполнен.',
    'Освободите место, например очистив корзину библиотеки; очередь продолжится сама.',
  ],
  databaseUnwritable: ({ reason }) => [
    `В базу данных студии не удаётся записать (${reason}).`,
    'Проверьте папку данных, права доступа и свободное место.',
  ],
  databaseUnreadable: () => [
    'База данных студии повреждена.',
    'Запустите студию снова: повреждённое откладывается и создаётся заново; картинки целы.',
  ],
  putAside: ({ file, aside }) => [
    `Файл ${file} был повреждён и создан заново из того, что удалось прочитать.`,
    `Прежний сохранён как ${aside}.`,
  ],
  jobDamaged: ({ count }) => [
    `Из очереди убраны повреждённые записи: ${number(count)}.`,
    'Добавьте эти задания снова.',
  ],
  databaseUnopened: ({ file, reason }) => [
    `Файл ${file} не открывается (${reason}).`,
    'Проверьте папку данных, права доступа и свободное место.',
  ],
  setStopped: () => ['Набор остановлен.', 'Запустите его снова: сделанное остаётся.'],
  setUnreadable: ({ file, reason }) => [`${file} не удаётся прочитать (${reason}).`, 'Укажите SET.json или WORDS.csv.'],
  setUnfinished: ({ folder, file }) => [`В ${folder} нет готового набора: нет файла ${file}.`, GO_ON],
  manifestDamaged: ({ file }) => [`Файл ${file} повреждён.`, GO_ON],
  setIncomplete: ({ failures, total }) => [
    `Набор не закончен: не удалось ${number(failures)} из ${number(total)}.`,
    'Запустите его снова; с --failed делаются только неудавшиеся.',
  ],
  setHasFailures: ({ folder, failures }) => [
    `В ${folder} нет того, что не удалось сделать: неудач — ${number(failures)}; остальное на месте.`,
    'Исправьте, что о них сказано, и запустите экспорт снова; с --failed делаются только они.',
  ],
  setChanged: ({ folder }) => [
    `Содержимое ${folder} не совпадает с манифестом.`,
    'Запустите экспорт снова: он сделает недостающее.',
  ],
  portTaken: ({ port }) => [`Порт ${port} занят.`, 'Выберите другой через --port; возможно, студия уже открыта.'],
  studioOpen: ({ address }) => [
    'С этой папкой данных студия уже открыта.',
    address === null
      ? 'Перейдите в её окно или сначала закройте её.'
      : `Она по адресу ${address} — или сначала закройте её.`,
  ],
  noStudioOpen: ({ folder }) => [
    `С папкой ${folder} студия не открыта.`,
    'Освобождать нечего; папку данных другой студии называет ZIHUA_DATA.',
  ],
  cannotListen: ({ address, reason }) => [
    `Студия не может открыть адрес ${address} (${reason}).`,
    'Выберите другой адрес.',
  ],
  rendererNotBuilt: ({ reason }) => [
    `Страница студии не собирается: ${reason}.`,
    'Выполните npm ci и попробуйте снова.',
  ],
}
