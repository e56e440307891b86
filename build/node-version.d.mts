export function needOwnNode(tool: string): void
