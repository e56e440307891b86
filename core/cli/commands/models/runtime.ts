import { dataFolder } from '../../../files/data-folder.ts'
import { adoptCudaFolder, findCudaRuntime, probeCudaRuntime, removeCudaRuntime } from '../../../machine/cuda-runtime.ts'
import { runtimeLine } from '../../machine-report.ts'

/** zihua models runtime [FOLDER] [--clear]: CUDA's libraries, tried in a process of their own. */
export async function runtime(folder: string | undefined, clear: boolean, json: boolean): Promise<void> {
  const data = dataFolder()
  if (clear) {
    const removed = await removeCudaRuntime(data)
    return console.log(json ? JSON.stringify({ removed }) : removed ? 'It is removed.' : 'There was none.')
  }
  const found = folder === undefined ? await findCudaRuntime(data) : await adoptCudaFolder(data, folder)
  const probe = found && (await probeCudaRuntime(found))
  if (json)
    return console.log(
      JSON.stringify({ runtime: found, probe: probe && { ...probe, problem: probe.problem?.message ?? null } }),
    )
  if (!found || !probe)
    return console.log('There is none. Get it with zihua models download cuda-runtime, or name a folder.')
  console.log(runtimeLine(found))
  console.log(probe.problem ? `It cannot be used now: ${probe.problem.message}.` : `It works: ${probe.devices} GPU.`)
}
