/** What `zihua help` prints, and `zihua COMMAND --help` of one command. */

export const USAGE = `zihua: a written word becomes a picture

  zihua generate WORD [--style S] [--translation T] [--model M] [--controlnet C] [--size WxH] [--steps N] [--guidance G]
                 [--sampler S] [--few-steps PRESET[:N]] [--seed N] [--count N] [--weights canny=0.9,depth=0.5,…] [--methods canny=adaptive_canny,…]
                 [--prompt P] [--negative P] [--font F [--fallback]] [--profile P] [--provider P] [--force] --out FILE|DIR
                 [--composition FILE] [--motif auto|EMOJI|WORD|FILE.svg,…] [--motif-layout beside|corners|frame|scatter|behind|inside]
                 [--palette '#f4ead6,#c0392b'|PICTURE|style [--hold-colours]]   the ground's colour, then the inks
                 [--motif-form filled|line]                       blocks on the canvas; maps takes the same
  zihua generate --request request.json --out DIR [--trace trace.safetensors]
  zihua generate --replay picture.png --out FILE|DIR
  zihua repaint PICTURE --strokes 3,4|--radical|--blocks 2|--ground|--mask FILE [--strength 0.85] [--seed N] [--prompt P]
                [--grow 0.02] [--feather 0.03] --out FILE|DIR    only that part is painted again; the rest stays to the last bit
  zihua upscale PICTURE [--side 2048] [--method tiled|lanczos] [--strength 0.35] [--tile N] [--seed N] --out FILE|DIR
                painted again larger under maps drawn anew, in tiles; lanczos: resampled alone
  zihua maps WORD|--image FILE [--as-is] --out DIR [--size WxH] [--font F [--fallback]] [--methods all|canny=all,depth=METHOD,…]
  zihua export SET.json|LIST --out DIR [--failed] [--overwrite]  resumable; again: goes on where it stopped
  zihua export SET.json|LIST --dry-run                           what would be made, word by word; nothing is painted
                 LIST: .csv, .tsv, .txt, .xlsx, .apkg  [--encoding E] [--sheet S] [--columns word=2,translation=C] [--[no-]header]
  zihua export SET.json|LIST --out DIR --farm URL [--same exact|look] [--share-models]   painted by all machines of a farm
  zihua export --verify DIR
  zihua lookup WORD… [--language zh|ja]                          reading, meaning, all senses, and what a prompt says
  zihua glossary list|set WORD MEANING|remove WORD|import LIST  meanings of your own
  zihua library list [TEXT]|rebuild
  zihua models list|add PATH [--as controlnet|vae]|remove ID
  zihua models download ID|--manifest FILE                       resumable, verified, usable at once; "starter": SDXL
  zihua models verify ID                                         compares what was downloaded with its hashes
  zihua models scan [FOLDER] [--add]                             models of other programs, used where they are
  zihua models runtime [FOLDER] [--clear]                        CUDA's libraries: what is there, or a folder of your own
  zihua models unload                                            the studio that is open gives its loaded networks back now
  zihua models token TOKEN|- [--mirror URL] [--clear]            how the hub is reached
  zihua models inspect FILE                                      what a weights file is, from its header alone
  zihua models widened [--clear]                                 16-bit copies of quantised files
  zihua inspect PICTURE                                          what the studio would take over from any program's picture
  zihua judge PICTURE [--word W]                                 how well the word can be read in it, and why
  zihua serve [--port 8600] [--host 127.0.0.1] [--token T] [--allow-host NAME[:PORT]]… [--files FOLDER] [--queue 64]
              the studio for a browser, and the Writing Service for programs: /docs
  zihua farm [--listen ADDRESS[:PORT]] [--fetch] [--cert F --key F [--ca F]] [--user-key U…] [--max-gb N]   a server for many machines
  zihua farm --server URL                                       whether a server that runs already can be a farm
  zihua farm status|pause NAME|resume NAME|drain NAME [--farm URL]
  zihua worker --farm URL [--models FOLDER]… [--fetch-models] [--provider P] [--profile P] [--name N]   this machine paints for a farm
              URL: nats://HOST:4222 or tls://HOST:4222, with --token T, ZIHUA_FARM_TOKEN or --nkey FILE; [--ca F] [--cert F --key F]
  zihua mcp                                                     the studio for an assistant, over stdin and stdout
  zihua diagnostics --out FILE.zip [--with-prompts]             versions, doctor and logs, to attach to a report
  zihua doctor [--model M] [--controlnet C] [--size WxH] [--profile P] [--measure]  graphics, providers and their self-tests, memory;
              with a model or a size: what a picture takes of it; --measure: how long a step takes with each provider

  --json prints one JSON object on stdout; progress goes to stderr. zihua --version prints the studio's version.
  Run it as: npm run --silent zihua -- COMMAND …`

/** A command's own lines, with what is indented below them. */
export function usageOf(command: string): string {
  const blocks = USAGE.split(/\n(?= {2}zihua |\n)/)
  return blocks.filter(block => block.startsWith(`  zihua ${command} `) || block === `  zihua ${command}`).join('\n')
}
