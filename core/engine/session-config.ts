/** Session configuration entries of ONNX Runtime (onnxruntime_session_options_config_keys.h), the same for both backends. */
import { parse } from 'node:path'
import type { Graph } from '../graph/builder.ts'

export function sessionConfig({ mapped }: Graph): Record<string, string> {
  return {
    // Weights are named from the root, so that several files, folders and symlinks (a Hugging Face cache) all pass.
    'session.model_external_initializers_file_folder_path': parse(process.cwd()).root,
    // A thread that has nothing to do sleeps instead of spinning: pictures are a tenth faster where other threads
    // (maps, scores, the page) want the same cores, and the cores are theirs meanwhile.
    'session.intra_op.allow_spinning': '0',
    // Prepacking copies weights: what is mapped shall stay so. For the same reason mapped graphs are optimised only to the
    // level "extended": the one above gives convolutions a layout of their own, and their weights a copy in it.
    ...(mapped ? { 'session.disable_prepacking': '1' } : {}),
  }
}

/** As npm's binding takes them: "session.intra_op.x" is {session: {intra_op: {x}}}. */
export function nestedConfig(graph: Graph): Record<string, unknown> {
  const nested: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(sessionConfig(graph))) {
    const path = key.split('.')
    let at = nested
    for (const part of path.slice(0, -1)) at = (at[part] ??= {}) as Record<string, unknown>
    at[path.at(-1)!] = value
  }
  return nested
}
