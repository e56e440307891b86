/** How a weights file is damaged, in its format's own terms. */
interface Tensor {
  name: string
}

export const damage = {
  tooFewBytes: ({ bytes }: { bytes: number }) => `it has ${bytes} bytes, too few for a safetensors file`,
  headerTooLong: ({ bytes, most }: { bytes: number; most: number }) =>
    `its header claims ${bytes} bytes, over the limit of ${most}`,
  headerCutOff: ({ bytes, size }: { bytes: number; size: number }) =>
    `its header of ${bytes} bytes is longer than the file (${size} bytes)`,
  cutOff: ({ at }: { at: number }) => `it ends before byte ${at}`,
  headerNotJson: () => 'its header is not JSON, so it is no safetensors file',
  headerNoObject: () => 'its header is not a JSON object',
  metadataWrong: () => 'its __metadata__ is not a map of strings',
  tooManyTensors: ({ count, most }: { count: number; most: number }) =>
    `its header names ${count} tensors, over the limit of ${most}`,
  tensorUndescribed: ({ name }: Tensor) => `tensor "${name}" has no description`,
  tensorDtype: ({ name, dtype }: Tensor & { dtype: string }) => `tensor "${name}" has the unknown dtype ${dtype}`,
  tensorShape: ({ name, shape }: Tensor & { shape: string }) => `tensor "${name}" has the impossible shape ${shape}`,
  tensorOffsets: ({ name, offsets }: Tensor & { offsets: string }) =>
    `tensor "${name}" has the impossible offsets ${offsets}`,
  tensorSize: ({ name, bytes, wanted }: Tensor & { bytes: number; wanted: number }) =>
    `tensor "${name}" spans ${bytes} bytes where its shape and dtype need ${wanted}`,
  tensorCutOff: ({ name }: Tensor) => `tensor "${name}" lies beyond the end of the file (truncated?)`,
  tensorOverlaps: ({ name }: Tensor) => `tensor "${name}" overlaps the one before it`,
  tensorGap: ({ name, bytes }: Tensor & { bytes: number }) =>
    `there is a gap of ${bytes} bytes before tensor "${name}"`,
  bytesLeftOver: ({ bytes }: { bytes: number }) => `${bytes} bytes behind the last tensor belong to none`,
  notAnObject: () => 'it is not a JSON object',
  noWeightMap: () => 'it has no weight_map',
  shardMisnamed: ({ shard }: { shard: string }) => `it names the shard ${shard}`,
}
