/** Where a child's heartbeat leaves and arrives: the pipe after stdin, stdout, stderr and the message channel. */
export const HEARTBEAT_FD = 4
