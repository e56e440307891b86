/** A real program that answers as nvidia-smi does, for tests: it reads the query and prints the fields in its order. */
import { chmod, writeFile } from 'node:fs/promises'

/** What a card tells, by nvidia-smi's names of fields. */
export type TestingCard = Readonly<Record<string, string>>

export interface TestingNvidiaSmi {
  cards?: readonly TestingCard[]
  /** Answer to -L. */
  list?: string
  /** Printed whatever is asked. */
  prints?: string
  /** Fields that it refuses. */
  unknown?: readonly string[]
  /** It starts another program that keeps its output open, and both sleep. */
  hangs?: boolean
  exitCode?: number
}

/** Writes the program; it appends a line to FILE.calls each time it is run. */
export async function writeNvidiaSmi(file: string, answers: TestingNvidiaSmi): Promise<void> {
  const script = `#!/bin/sh
echo "$@" >> "$0.calls"
${answers.hangs ? 'sleep 30 & sleep 30' : ''}
exec "${process.execPath}" -e '
const { cards = [], list = "", prints, unknown = [], exitCode = 0 } = JSON.parse(Buffer.from("${Buffer.from(
    JSON.stringify(answers),
  ).toString('base64')}", "base64"))
const [first] = process.argv.slice(1)
const fields = /^--query-gpu=(.*)$/.exec(first)?.[1].split(",") ?? []
const wrong = fields.find(field => unknown.includes(field))
if (prints !== undefined) process.stdout.write(prints)
else if (wrong) { console.log("Field \\"" + wrong + "\\" is not a valid field to query.\\n"); process.exit(2) }
else if (first === "-L") process.stdout.write(list)
else for (const card of cards) console.log(fields.map(field => card[field] ?? "[N/A]").join(", "))
process.exitCode = exitCode
' -- "$@"
`
  await writeFile(file, script)
  await chmod(file, 0o755)
}

/** A healthy card. @param mebibytes of its memory */
export const testingCard = (name: string, mebibytes: number, used = 512): TestingCard => ({
  name,
  driver_version: '580.95.05',
  'memory.total': String(mebibytes),
  'memory.used': String(used),
  'memory.free': String(mebibytes - used),
  'utilization.gpu': '7',
  'temperature.gpu': '41',
  'power.draw': '62.18',
  'mig.mode.current': '[N/A]',
})
