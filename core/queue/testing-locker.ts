/** For tests: another program that holds a database's lock until it is told to let go. */
import { DatabaseSync } from 'node:sqlite'

const database = new DatabaseSync(process.argv[2], { timeout: 5000 })
database.exec('BEGIN IMMEDIATE')
process.send?.('locked')
process.once('message', () => {
  database.exec('ROLLBACK')
  database.close()
  process.disconnect()
})
