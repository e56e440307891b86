/** The command line. Exit codes: 0 done, 1 failed with one line that says what and what to do, 2 wrong usage. */
import { StudioError } from '../faults/studio-error.ts'
import { UsageError } from './commands/arguments.ts'

const COMMANDS: Record<string, () => Promise<{ run: (args: string[]) => Promise<void> }>> = {
  generate: () => import('./commands/generate.ts'),
  maps: () => import('./commands/maps.ts'),
  models: () => import('./commands/models.ts'),
  inspect: () => import('./commands/inspect.ts'),
  judge: () => import('./commands/judge.ts'),
  export: () => import('./commands/export.ts'),
  lookup: () => import('./commands/lookup.ts'),
  glossary: () => import('./commands/glossary.ts'),
  library: () => import('./commands/library.ts'),
  serve: () => import('./commands/serve.ts'),
  mcp: () => import('./commands/mcp.ts'),
  diagnostics: () => import('./commands/diagnostics.ts'),
  doctor: () => import('./commands/doctor.ts'),
}

const USAGE = `zihua: a written word becomes a picture

  zihua generate WORD [--style S] [--translation T] [--model M] [--controlnet C] [--size WxH] [--steps N] [--guidance G]
                 [--sampler S] [--seed N] [--count N] [--weights canny=0.9,depth=0.5,…] [--methods canny=adaptive_canny,…]
                 [--prompt P] [--negative P] [--font F [--fallback]] --out FILE|DIR
  zihua generate --request request.json --out DIR [--trace trace.safetensors]
  zihua generate --replay picture.png --out FILE|DIR
  zihua maps WORD|--image FILE [--as-is] --out DIR [--size WxH] [--font F [--fallback]] [--methods all|canny=all,depth=METHOD,…]
  zihua export SET.json|LIST --out DIR [--failed] [--overwrite]  resumable; again: goes on where it stopped
  zihua export SET.json|LIST --dry-run                           what would be made, word by word; nothing is painted
                 LIST: .csv, .tsv, .txt, .xlsx, .apkg  [--encoding E] [--sheet S] [--columns word=2,translation=C] [--[no-]header]
  zihua export --verify DIR
  zihua lookup WORD… [--language zh|ja]                          reading, meaning, all senses, and what a prompt says
  zihua glossary list|set WORD MEANING|remove WORD|import LIST  meanings of your own
  zihua library list [TEXT]|rebuild
  zihua models list|add PATH|remove ID
  zihua models inspect FILE                                      what a weights file is, from its header alone
  zihua models widened [--clear]                                 16-bit copies of quantised files
  zihua inspect PICTURE                                          what the studio would take over from any program's picture
  zihua judge PICTURE [--word W]                                 how well the word can be read in it, and why
  zihua serve [--port 8600] [--host 127.0.0.1] [--token T] [--allow-host NAME[:PORT]]… [--files FOLDER] [--queue 64]
              the studio for a browser, and the Writing Service for programs: /docs
  zihua mcp                                                     the studio for an assistant, over stdin and stdout
  zihua diagnostics --out FILE.zip [--with-prompts]             versions, doctor and logs, to attach to a report
  zihua doctor

  --json prints one JSON object on stdout; progress goes to stderr.
  Run it as: npm run --silent zihua -- COMMAND …`

/** Messages may quote what a user gave, and that may hold anything: a terminal gets one line without control characters. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ')
}

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    console.log(USAGE)
    return name === undefined ? 2 : 0
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!load) {
    console.error(`zihua: there is no command "${name}". Commands: ${Object.keys(COMMANDS).join(', ')}.`)
    return 2
  }
  try {
    await (await load()).run(args)
    return 0
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`zihua ${name}: ${error.message} See zihua help.`)
      return 2
    }
    if (error instanceof StudioError) {
      console.error(oneLine(`zihua: ${error.message} ${error.hint}`))
      return 1
    }
    console.error(
      `zihua: an unexpected fault: ${error instanceof Error ? error.message : String(error)} Please report it.`,
    )
    if (process.env['ZIHUA_DEBUG']) console.error(error)
    return 1
  }
}

process.exitCode = await main(process.argv.slice(2))
