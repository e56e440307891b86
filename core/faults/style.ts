/** Errors of styles. */
import { says } from './says.ts'

interface What {
  /** A file, or "The style". */
  what: string
}

export const style = {
  noSuchStyle: says('bad-style', ({ id, nearest }: { id: string; nearest: string }) => [
    `There is no style "${id}".`,
    `The nearest there are: ${nearest}.`,
  ]),
  styleIsBuiltIn: says('bad-style', ({ id }: { id: string }) => [
    `"${id}" is one of the studio's own styles, which stay as they are.`,
    'Save the change under another id.',
  ]),
  styleMisnamed: says('bad-style', ({ file, holds, id }: { file: string; holds: string; id: string }) => [
    `${file} holds the style "${holds}", and its name says "${id}".`,
    'Rename the file, or import it.',
  ]),
  /** A field is invalid; problem is a whole sentence. */
  styleWrong: says('bad-style', ({ problem }: { problem: string }) => [
    problem,
    'Correct that field, or export a style to see a valid one.',
  ]),
  styleIdReserved: says('bad-style', ({ what }: What) => [
    `${what}: no file may have its id for a name.`,
    'Choose another id.',
  ]),
  styleNotJson: says('bad-style', ({ what, reason }: What & { reason: string }) => [
    `${what} is not JSON: ${reason}.`,
    'Export the style again, or remove the file.',
  ]),
  styleTooLarge: says('bad-style', ({ what, kilobytes }: What & { kilobytes: number }) => [
    `${what} is larger than ${kilobytes} KB, and no style is.`,
    'Check that it is the right file.',
  ]),
  styleUnreadable: says('bad-style', ({ path, reason }: { path: string; reason: string }) => [
    `${path} cannot be read as a style: ${reason}.`,
    'Check that it is a style’s JSON file and may be read.',
  ]),
  templateWrong: says('bad-style', ({ what, problems }: What & { problems: readonly string[] }) => [
    `The template of ${what} is invalid: ${problems.join('; ')}.`,
    'Use {meaning} and {character}, and write {{ and }} for braces.',
  ]),
}
