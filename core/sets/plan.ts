/** A set planned: every picture with its complete request and the names of its files. */
import { yieldEvery } from '../channel/yield.ts'
import type { ErrorReport, Phrase } from '../faults/studio-error.ts'
import { canonical } from '../files/canonical-json.ts'
import { sha256 } from '../files/hashes.ts'
import { NameBook, nameKey } from '../files/safe-name.ts'
import { VERSION } from '../files/version.ts'
import type { PictureMaker } from '../library/maker.ts'
import { joinedReading, readingOf } from '../prompt/reading.ts'
import { completer } from './complete-kinds.ts'
import type { SetDefinition } from './definition.ts'
import { aboutOf, axisLabels, nameFiles, settingsOf, withoutEnding } from './file-names.ts'
import type { PlannedPicture } from './planned.ts'
import { spellOut } from './spell-out.ts'

export interface Plan {
  pictures: PlannedPicture[]
  /** Names that had to be changed, one sentence each. */
  notes: Phrase[]
  /** Why pictures will fail, each reason once; only where the maker could complete them. */
  problems: (ErrorReport & { pictures: number })[]
}

export interface PlanOptions {
  /** Folder that the set's paths are relative to. */
  base: string
  /** Fills in what the definition leaves open; without it names lack sizes and the like. */
  complete?: PictureMaker['complete']
  /** Files in the target folder that are not this set's: never overwritten. */
  foreign?: readonly string[]
  signal?: AbortSignal
}

/** @throws StudioError 'bad-request': too many pictures, a matrix over a field that does not exist */
export async function planSet(definition: SetDefinition, options: PlanOptions): Promise<Plan> {
  const { base, complete, foreign = [], signal } = options
  const readings = await readingsOf(definition, signal)
  const drafts = spellOut(definition, readings)
  const book = new NameBook()
  for (const name of foreign) book.take(withoutEnding(name))
  const reserved = new Set(foreign.map(name => nameKey(withoutEnding(name))))
  const notes: Phrase[] = []
  const problems = new Map<string, ErrorReport & { pictures: number }>()
  const completeOnce = complete && completer(complete, base)
  const pictures: PlannedPicture[] = []
  for (const draft of drafts) {
    await yieldEvery(draft.index - 1, signal)
    const answer = await completeOnce?.(draft.input)
    const completed = answer && 'request' in answer ? answer.request : null
    if (answer && 'problem' in answer) {
      const { message } = answer.problem
      problems.set(message, { ...answer.problem, pictures: (problems.get(message)?.pictures ?? 0) + 1 })
    }
    const about = aboutOf(draft.input, completed)
    const values = {
      ...draft,
      ...about,
      ...settingsOf(draft.input, completed),
      ...axisLabels(definition, draft),
      set: definition.name,
    }
    const files = nameFiles(definition, values, book, notes, reserved)
    const key = sha256(
      canonical([
        VERSION,
        completed ?? draft.input,
        definition.formats,
        definition.maps,
        definition.transparent,
        definition.strip,
        definition.keep,
        files,
      ]),
    )
    pictures.push({ ...draft, about, files, key })
  }
  return { pictures, notes, problems: [...problems.values()] }
}

/** A look-up takes a tenth of a millisecond, in a sentence more. */
const LOOKUPS_AT_ONCE = 20

/** Readings of the words whose list gives none. */
async function readingsOf({ words }: SetDefinition, signal?: AbortSignal): Promise<Map<string, string | null>> {
  const readings = new Map<string, string | null>()
  for (const [at, entry] of words.entries()) {
    await yieldEvery(at, signal, LOOKUPS_AT_ONCE)
    const { word, pinyin }: { word: string; pinyin?: string | undefined } = entry
    if (pinyin !== undefined || readings.has(word)) continue
    const reading = await readingOf(word)
    readings.set(word, reading && joinedReading(reading))
  }
  return readings
}
