/**
 * Before a child's own scripts, whose loading takes a second: a terminal sends Ctrl+C to all processes of a command. The parent
 * decides what is finished, and ends this one.
 */
process.on('SIGINT', () => {})
