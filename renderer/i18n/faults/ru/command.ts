import type { command as english } from '../../../../core/faults/command.ts'
import type { Translated } from '../translated.ts'

/** О командной строке: что называют её аргументы и куда она пишет. */
export const command: Translated<typeof english> = {
  outIsNoPng: ({ out, ending }) => [
    `${out}: окончание ${ending}, а картины записываются в PNG.`,
    'Укажите файл .png или папку.',
  ],
  outIsFolder: ({ out }) => [`${out} — папка.`, 'Укажите файл в ней.'],
  outIsNoFolder: ({ folder }) => [`${folder} — не папка.`, 'Выберите другое место.'],
  mapsUnwritable: ({ folder, reason }) => [
    `Карты не удаётся записать в ${folder}: ${reason}`,
    'Выберите папку, в которую можно писать и где хватает места.',
  ],
  methodListWrong: ({ item }) => [`«${item}» — не карта=способ.`, 'Пишите all или карта=способ,карта=all и так далее.'],
  mapsOfNothing: () => ['Карты делаются из слова или из картинки.', 'Дайте ровно одно из двух.'],
  requestUnreadable: ({ file }) => [`${file} не удаётся прочитать.`, 'Проверьте путь к запросу.'],
  requestNotJson: ({ file, reason }) => [`${file} — не JSON: ${reason}.`, 'Исправьте его в этом месте.'],
  fewStepsUnknown: ({ name, known }) => [
    `Набора для малого числа шагов «${name}» нет.`,
    `Есть ${known}; «lightning:8» — набор с числом шагов.`,
  ],
  samplerUnknown: ({ sampler, known }) => [`Сэмплера «${sampler}» нет.`, `Есть ${known}.`],
  answerUnwritable: ({ reason }) => [
    `О сделанном не удалось сообщить в стандартный вывод: ${reason}.`,
    'Освободите там место или направьте вывод в другое место.',
  ],
  noSuchFolder: ({ folder }) => [`Папки ${folder} нет.`, 'Проверьте путь.'],
  modelStays: ({ model }) => [
    `«${model}» — часть студии и остаётся.`,
    'Укажите модель, которая была добавлена или скачана.',
  ],
  nothingToInspect: ({ picture }) => [
    `В ${picture} не записано, как сделана картина.`,
    'Её метаданные удалены, или программа, которая её сделала, их не пишет.',
  ],
}
