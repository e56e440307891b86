import type { farm as english } from '../../../../core/faults/farm.ts'
import type { Translated } from '../translated.ts'

/** О ферме: несколько машин делают один набор. */
export const farm: Translated<typeof english> = {
  farmAddressWrong: ({ url }) => [`«${url}» — не адрес фермы.`, 'Пишите nats://ХОСТ:4222 или tls://ХОСТ:4222.'],
  farmKeyWrong: ({ file, reason }) => [
    `Ключ или сертификат ${file} не подходит: ${reason}.`,
    'Укажите файл, с которым настроена ферма.',
  ],
  farmUnreachable: ({ url, reason }) => [
    `Ферма ${url} не отвечает: ${reason}.`,
    'Запустите её командой «zihua farm» или проверьте адрес и сеть.',
  ],
  farmRefused: ({ url }) => [
    `Ферма ${url} не приняла токен или ключ.`,
    'Укажите тот, что напечатала «zihua farm» (--token или ZIHUA_FARM_TOKEN).',
  ],
  farmNoJetStream: ({ url }) => [
    `Сервер ${url} не хранит очередей: JetStream выключен.`,
    'Запустите его с JetStream или дайте «zihua farm» запустить свой.',
  ],
  farmServerMissing: () => [
    'На этой машине нет nats-server.',
    'Установите его, укажите работающий через --server или скачайте командой «zihua farm --fetch».',
  ],
  farmServerUnknownHere: ({ platform }) => [
    `Для ${platform} nats-server в списке нет.`,
    'Установите nats-server так, чтобы он был в PATH, или укажите работающий через --server.',
  ],
  farmServerFailed: ({ reason }) => [
    `nats-server не запустился: ${reason}.`,
    'Выберите другой адрес --listen или посмотрите его журнал в папке данных.',
  ],
  farmServerWrong: ({ url }) => [
    `С ${url} пришёл не тот файл, что в списке: другой размер или SHA-256. Он удалён.`,
    'Попробуйте из другой сети или установите nats-server вручную.',
  ],
  farmServerUnfetched: ({ url, reason }) => [
    `Скачать nats-server с ${url} не удалось: ${reason}.`,
    'Попробуйте ещё раз или установите nats-server вручную.',
  ],
  farmStorageFull: ({ url }) => [
    `На диске фермы ${url} нет места.`,
    'Освободите место; ничего не потеряно, работа продолжится сама.',
  ],
  farmSetAside: ({ times, reason }) => [
    `Картина отложена: на ней остановились или ошиблись машины (${times}), последняя так: ${reason}`,
    'Измените запрос или попробуйте ещё раз с --failed.',
  ],
  farmWorkerEnded: ({ worker }) => [`Машина ${worker} остановилась за работой.`, 'Посмотрите её журнал.'],
  farmResultWrong: ({ worker, reason }) => [
    `Машина ${worker} прислала не ту картину: ${reason}.`,
    'Остановите её и посмотрите журнал; картина делается заново.',
  ],
  farmNotOurs: ({ reason }) => [
    `Чужое сообщение в очереди фермы отложено: ${reason}.`,
    'Выясните, что ещё пользуется этим сервером.',
  ],
  farmOtherVersion: ({ set, theirs, ours }) => [
    `Набор «${set}» делается версией ${theirs}, а на этой машине ${ours}.`,
    'Установите на все машины одну версию.',
  ],
  farmLacksModel: ({ set, models }) => [
    `Набору «${set}» нужны модели, которых на этой машине нет: ${models}.`,
    'Скопируйте их сюда и укажите папку через --models или разрешите копирование: --fetch-models.',
  ],
  farmNobodyHasModel: ({ models }) => [
    `Этих моделей нет ни у одной машины: ${models}. Их картины ждут.`,
    'Добавьте модели одной из машин или разрешите копирование: там --fetch-models, здесь --share-models.',
  ],
  farmNobodyThere: ({ url }) => [
    `К ферме ${url} ещё не подключилась ни одна машина.`,
    'Запустите «zihua worker --farm …» на тех, что должны рисовать; набор их подождёт.',
  ],
  farmOtherFingerprint: ({ set, theirs, ours }) => [
    `Набор «${set}» требует тех же байтов, что делает ${theirs}; эта машина — ${ours}.`,
    'Возьмите одинаковые машины с тем же числом потоков или делайте набор с --same look.',
  ],
  farmCanaryDiffers: ({ worker, difference, legibility }) => [
    `${worker}: пробная картина не такая, как у хозяина набора: пиксели отличаются на ${difference} из 255, читаемость на ${legibility}. Машина не подключена.`,
    'Проверьте её модели и драйверы.',
  ],
  farmFontDiffers: ({ worker, fonts }) => [
    `${worker}: слово написано другими шрифтами: ${fonts}.`,
    'Укажите шрифт файлом, тогда он передаётся, или установите там тот же.',
  ],
  farmModelChanged: ({ name }) => [
    `Файлы модели ${name} уже не те, о которых сообщила эта машина.`,
    'Запустите её заново.',
  ],
  farmModelWrong: ({ name }) => [
    `Копия ${name} повреждена: другой SHA-256. Она удалена.`,
    'Она копируется снова, когда понадобится.',
  ],
  farmAssetMissing: ({ name }) => [
    `Файла ${name}, нужного картине, на ферме нет.`,
    'Запустите экспорт снова: он положит его туда.',
  ],
  farmClockOff: ({ worker, minutes }) => [
    `Часы машины ${worker} расходятся на ${minutes} мин. Картинам это не вредит.`,
    'Поставьте их: время в её журналах неверно.',
  ],
  farmNoSuchWorker: ({ worker, known }) => [`Машины «${worker}» на ферме нет.`, `Есть: ${known}.`],
  farmUnset: () => ['В студии не указана ферма.', 'Введите её адрес на листе набора.'],
}
