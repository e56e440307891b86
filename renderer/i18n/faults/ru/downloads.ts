import type { downloads as english } from '../../../../core/faults/downloads.ts'
import type { Translated } from '../translated.ts'

/** Загрузки: сеть, сервер, диск и то, что пришло. */
export const downloads: Translated<typeof english> = {
  downloadUnknown: ({ id, known }) => [`Модели «${id}», которую можно скачать, нет.`, `Есть ${known}.`],
  downloadAbsent: ({ file, host }) => [
    `На ${host} нет файла ${file} (или уже нет).`,
    'Выберите другое зеркало или сообщите, что список моделей устарел.',
  ],
  downloadNotAllowed: ({ file, host }) => [
    `${host} отдаёт ${file} не всем.`,
    'Примите лицензию на сайте и укажите токен: zihua models token.',
  ],
  downloadRefused: ({ file, host, status }) => [
    `${host} ответил ${status} на запрос файла ${file}.`,
    'Попробуйте позже или выберите другое зеркало.',
  ],
  downloadPage: ({ file, host }) => [
    `${host} прислал веб-страницу вместо ${file}.`,
    'Мешает страница входа или прокси: откройте адрес в браузере и попробуйте снова.',
  ],
  downloadSizeDiffers: ({ file, host, bytes, wanted }) => [
    `На ${host} файл ${file} занимает ${bytes} байт, а опубликован с ${wanted}.`,
    'Выберите другое зеркало; ничего из него не сохранено.',
  ],
  downloadSizeUnknown: ({ file, host }) => [
    `${host} не сообщает размер ${file}, и нельзя узнать, когда он скачан целиком.`,
    'Выберите другое зеркало.',
  ],
  downloadCorrupt: ({ file }) => [
    `${file} пришёл повреждённым: его SHA-256 не совпадает с опубликованным.`,
    'Скачайте его снова или выберите другое зеркало; повреждённая копия удалена.',
  ],
  downloadChanges: ({ file }) => [`${file} раз за разом менялся на сервере во время загрузки.`, 'Попробуйте позже.'],
  downloadBroken: ({ file, reason }) => [
    `Загрузка ${file} оборвалась: ${reason}.`,
    'Запустите её снова: она продолжится с того же места.',
  ],
  downloadNoRoom: ({ folder, megabytes, free }) => [
    `Для загрузки нужно ${megabytes} МБ; в ${folder} свободно ${free} МБ.`,
    'Освободите место и запустите снова: загрузка продолжится с того же места.',
  ],
  downloadInTheWay: ({ file }) => [
    `${file} уже есть, и это не опубликованный файл.`,
    'Переместите его и попробуйте снова.',
  ],
  downloadBusy: ({ id }) => [`«${id}» уже скачивается в другом окне или команде.`, 'Дождитесь её конца.'],
  downloadManifestWrong: ({ file, reason }) => [
    `${file} — не список файлов модели: ${reason}.`,
    'В нём нужны id, name, kind, licence, revision и files с path, url, size и sha256.',
  ],
  downloadNotVerified: ({ id, count, names }) => [
    `Файлов модели «${id}», которые отличаются от опубликованных: ${count} (${names}).`,
    `Скачайте их снова: zihua models download ${id}.`,
  ],
  downloadNotThere: ({ id }) => [`«${id}» не скачана.`, `Скачайте её: zihua models download ${id}.`],
  runtimeUnusable: ({ folder, reason }) => [
    `Библиотеки CUDA в ${folder} не подходят: ${reason}.`,
    'Укажите папку с ONNX Runtime 1.23 или новее для CUDA и его библиотеками или дайте студии скачать их.',
  ],
  runtimeElsewhere: ({ name, system, needed }) => [
    `«${name}» — для ${needed}, а здесь ${system}.`,
    'Здесь студия рисует тем, что есть в системе; см. zihua doctor.',
  ],
  driverOld: ({ name, version, needed, fits }) => [
    `Драйвер NVIDIA ${version} слишком стар для «${name}».`,
    `Установите драйвер ${needed} или новее${fits ? ` либо возьмите библиотеки CUDA ${fits}, которым хватит и этого` : ''} и попробуйте снова.`,
  ],
  proxyWrong: ({ reason }) => [
    `Прокси из HTTP_PROXY или HTTPS_PROXY не подходит: ${reason}.`,
    'Исправьте переменную окружения; адрес выглядит как http://proxy:3128.',
  ],
  mirrorWrong: ({ mirror }) => [
    `«${mirror}» — не адрес зеркала.`,
    'Он выглядит как https://hf-mirror.example и задаётся в настройках или в HF_ENDPOINT.',
  ],
}
