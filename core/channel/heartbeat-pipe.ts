/** File descriptor of a child's heartbeat: the pipe after stdin, stdout, stderr and the message channel. */
export const HEARTBEAT_FD = 4
