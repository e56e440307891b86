import type { damage as english } from '../../../../core/faults/damage.ts'
import type { TranslatedPhrases } from '../translated.ts'

const number = new Intl.NumberFormat('ru').format

/** Чем повреждён файл весов. */
export const damage: Pick<TranslatedPhrases, keyof typeof english> = {
  tooFewBytes: ({ bytes }) => `в файле ${number(bytes)} Б, для safetensors этого мало`,
  headerTooLong: ({ bytes, most }) => `заголовок заявляет ${number(bytes)} Б, а предел ${number(most)} Б`,
  headerCutOff: ({ bytes, size }) => `заголовок в ${number(bytes)} Б длиннее самого файла (${number(size)} Б)`,
  cutOff: ({ at }) => `файл обрывается раньше байта ${number(at)}`,
  headerNotJson: () => 'заголовок — не JSON, значит это не safetensors',
  headerNoObject: () => 'заголовок — не объект JSON',
  metadataWrong: () => '__metadata__ — не таблица строк',
  tooManyTensors: ({ count, most }) => `тензоров в заголовке ${number(count)}, а предел ${number(most)}`,
  tensorUndescribed: ({ name }) => `тензор «${name}» не описан`,
  tensorDtype: ({ name, dtype }) => `у тензора «${name}» неизвестный тип чисел ${dtype}`,
  tensorShape: ({ name, shape }) => `у тензора «${name}» невозможная форма ${shape}`,
  tensorOffsets: ({ name, offsets }) => `у тензора «${name}» невозможное место ${offsets}`,
  tensorSize: ({ name, bytes, wanted }) =>
    `тензор «${name}» занимает ${number(bytes)} Б, а по форме и типу нужно ${number(wanted)} Б`,
  tensorCutOff: ({ name }) => `тензор «${name}» лежит за концом файла (он обрезан?)`,
  tensorOverlaps: ({ name }) => `тензор «${name}» налезает на предыдущий`,
  tensorGap: ({ name, bytes }) => `перед тензором «${name}» пропуск в ${number(bytes)} Б`,
  bytesLeftOver: ({ bytes }) => `после последнего тензора лишние ${number(bytes)} Б`,
  notAnObject: () => 'это не объект JSON',
  noWeightMap: () => 'в нём нет weight_map',
  shardMisnamed: ({ shard }) => `он называет часть ${shard}`,
}
