/** Downloads interrupted by faults of servers and SIGKILLs, from seeds: npm run attack:downloads [-- --rounds 200] */
import { parseArgs } from 'node:util'
import { attack, MOST_LOST, type Round } from '../core/downloads/attack.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '100' } } })
const rounds: Round[] = []
for (let seed = 0; seed < Number(values.rounds); seed++) {
  const round = await attack(seed)
  rounds.push(round)
  for (const complaint of round.complaints) console.log(`seed ${seed}: ${complaint}`)
}
const sum = (of: (round: Round) => number) => rounds.reduce((total, round) => total + of(round), 0)
const kills = sum(round => round.kills)
const faults = sum(round => round.faults)
const lost = Math.max(...rounds.map(round => round.lost))
console.log(
  `${rounds.length} downloads, ${kills} SIGKILLs, ${faults} faults of the server, ${sum(round => round.runs)} runs`,
)
console.log(`most blocks that a kill cost: ${lost}, allowed ${MOST_LOST}`)
const wrong = sum(round => round.complaints.length) + (lost > MOST_LOST ? 1 : 0)
console.log(wrong === 0 ? 'nothing was wrong' : `${wrong} complaints`)
process.exitCode = wrong === 0 ? 0 : 1
