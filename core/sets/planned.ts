/** A picture of a set, before it is made. */
import type { RequestInput } from '../contract/request.ts'
import type { MapName } from '../contract/vocabulary.ts'
import type { Format } from '../image/encode.ts'

export interface PlannedFile {
  /** Below the set's folder, with "/". */
  name: string
  kind: 'picture' | MapName
  format: Format
}

export interface PlannedPicture {
  /** From 1. */
  index: number
  /** Which of the definition's words it shows, from 0. */
  entry: number
  /** Changes when anything changes that decides the files' content or names. */
  key: string
  input: RequestInput
  word: string
  translation: string | null
  pinyin: string | null
  variant: string | null
  /** Place in the matrix, from 0. */
  x: number | null
  y: number | null
  /** Which grid it belongs to: pictures that differ in nothing but x and y. */
  group: number
  /** What the file's name says; completed where the maker could. */
  about: { style: string; seed: number; width: number | null; height: number | null; steps: number | null }
  files: PlannedFile[]
}
