/**
 * Names of weights as a training program's wrapper wrote them, without the wrapper: torch.compile puts `_orig_mod.` where
 * the compiled module stood (PyTorch, torch/_dynamo/eval_frame.py, OptimizedModule), DistributedDataParallel puts `module.`
 * before every name (torch/nn/parallel/distributed.py), and a checkpoint saved whole `state_dict.` or `model_state_dict.`.
 */

const COMPILED = /(^|\.)_orig_mod\./g
const AROUND_ALL = ['module.', 'state_dict.', 'model_state_dict.']

/** The same entries in the same order; unchanged where two would come to bear one name. */
export function withoutWrappers<T>(tensors: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  const names = [...tensors.keys()]
  let plain = names.map(name => name.replace(COMPILED, '$1'))
  for (let around = outermost(plain); around; around = outermost(plain)) {
    const { length } = around
    plain = plain.map(name => name.slice(length))
  }
  if (plain.every((name, at) => name === names[at]) || new Set(plain).size < names.length) return tensors
  return new Map([...tensors.values()].map((entry, at) => [plain[at], entry]))
}

const outermost = (names: readonly string[]): string | undefined =>
  names.length > 0 ? AROUND_ALL.find(around => names.every(name => name.startsWith(around))) : undefined
