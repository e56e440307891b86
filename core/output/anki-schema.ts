/**
 * Anki's collection in its version 11, which every Anki imports. Source: ankitects/anki rslib/src/storage/schema11.sql and
 * rslib/src/notetype/schema11.rs, and kerrickstaley/genanki, apkg_schema.py.
 */
import { DatabaseSync } from 'node:sqlite'

const SCHEMA = `
CREATE TABLE col (id integer primary key, crt integer not null, mod integer not null, scm integer not null,
  ver integer not null, dty integer not null, usn integer not null, ls integer not null, conf text not null,
  models text not null, decks text not null, dconf text not null, tags text not null);
CREATE TABLE notes (id integer primary key, guid text not null, mid integer not null, mod integer not null,
  usn integer not null, tags text not null, flds text not null, sfld integer not null, csum integer not null,
  flags integer not null, data text not null);
CREATE TABLE cards (id integer primary key, nid integer not null, did integer not null, ord integer not null,
  mod integer not null, usn integer not null, type integer not null, queue integer not null, due integer not null,
  ivl integer not null, factor integer not null, reps integer not null, lapses integer not null, left integer not null,
  odue integer not null, odid integer not null, flags integer not null, data text not null);
CREATE TABLE revlog (id integer primary key, cid integer not null, usn integer not null, ease integer not null,
  ivl integer not null, lastIvl integer not null, factor integer not null, time integer not null, type integer not null);
CREATE TABLE graves (usn integer not null, oid integer not null, type integer not null);
CREATE INDEX ix_notes_usn on notes (usn);
CREATE INDEX ix_cards_usn on cards (usn);
CREATE INDEX ix_revlog_usn on revlog (usn);
CREATE INDEX ix_cards_nid on cards (nid);
CREATE INDEX ix_cards_sched on cards (did, queue, due);
CREATE INDEX ix_revlog_cid on revlog (cid);
CREATE INDEX ix_notes_csum on notes (csum);`

/** A note type: its fields, and its cards with their sides. */
export interface NoteType {
  id: number
  name: string
  fields: readonly string[]
  cards: readonly { name: string; front: string; back: string; needs: readonly number[] }[]
  css: string
}

export interface Note {
  id: number
  /** The same for the same note in every export, so that Anki brings it up to date in place of adding it again. */
  guid: string
  fields: readonly string[]
  tags: readonly string[]
  /** Of the first field, without marks. */
  checksum: number
}

/** The decks say nothing of when they were made: the same words give the same file. Seconds. */
const NO_DATE = 1_577_836_800

/** Writes a collection with one deck. @param file must not be there yet */
export function writeCollection(
  file: string,
  { deck, type, notes }: { deck: { id: number; name: string }; type: NoteType; notes: readonly Note[] },
): void {
  const database = new DatabaseSync(file)
  try {
    database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF')
    database.exec(SCHEMA)
    database
      .prepare('INSERT INTO col VALUES (1, ?, ?, ?, 11, 0, 0, 0, ?, ?, ?, ?, ?)')
      .run(
        NO_DATE,
        NO_DATE * 1000,
        NO_DATE * 1000,
        JSON.stringify(CONFIGURATION),
        JSON.stringify({ [type.id]: typeOf(type, deck.id) }),
        JSON.stringify({ 1: deckOf({ id: 1, name: 'Default' }), [deck.id]: deckOf(deck) }),
        JSON.stringify({ 1: OPTIONS }),
        '{}',
      )
    const note = database.prepare("INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, ?, 0, '')")
    const card = database.prepare("INSERT INTO cards VALUES (?, ?, ?, ?, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')")
    database.exec('BEGIN')
    for (const [at, { id, guid, fields, tags, checksum }] of notes.entries()) {
      const spaced = tags.length > 0 ? ` ${tags.join(' ')} ` : ''
      note.run(id, guid, type.id, NO_DATE, spaced, fields.join('\x1f'), fields[0], checksum)
      for (const ord of type.cards.keys()) card.run(id * type.cards.length + ord, id, deck.id, ord, NO_DATE, at)
    }
    database.exec('COMMIT')
  } finally {
    database.close()
  }
}

const CONFIGURATION = {
  activeDecks: [1],
  addToCur: true,
  collapseTime: 1200,
  curDeck: 1,
  curModel: null,
  dueCounts: true,
  estTimes: true,
  newBury: true,
  newSpread: 0,
  nextPos: 1,
  sortBackwards: false,
  sortType: 'noteFld',
  timeLim: 0,
}

const OPTIONS = {
  id: 1,
  name: 'Default',
  mod: 0,
  usn: 0,
  autoplay: true,
  maxTaken: 60,
  replayq: true,
  timer: 0,
  new: { bury: true, delays: [1, 10], initialFactor: 2500, ints: [1, 4, 7], order: 1, perDay: 20, separate: true },
  rev: { bury: true, ease4: 1.3, fuzz: 0.05, ivlFct: 1, maxIvl: 36500, minSpace: 1, perDay: 100 },
  lapse: { delays: [10], leechAction: 0, leechFails: 8, minInt: 1, mult: 0 },
}

const deckOf = ({ id, name }: { id: number; name: string }) => ({
  id,
  name,
  mod: NO_DATE,
  usn: -1,
  desc: '',
  dyn: 0,
  conf: 1,
  collapsed: false,
  extendNew: 0,
  extendRev: 50,
  lrnToday: [0, 0],
  newToday: [0, 0],
  revToday: [0, 0],
  timeToday: [0, 0],
})

const typeOf = ({ id, name, fields, cards, css }: NoteType, deck: number) => ({
  id,
  name,
  type: 0,
  mod: NO_DATE,
  usn: -1,
  sortf: 0,
  did: deck,
  css,
  latexPre: '',
  latexPost: '',
  tags: [],
  vers: [],
  flds: fields.map((field, ord) => ({
    name: field,
    ord,
    font: 'Arial',
    media: [],
    rtl: false,
    size: 20,
    sticky: false,
  })),
  tmpls: cards.map((card, ord) => ({
    name: card.name,
    ord,
    qfmt: card.front,
    afmt: card.back,
    bqfmt: '',
    bafmt: '',
    did: null,
  })),
  req: cards.map(({ needs }, ord) => [ord, 'any', needs]),
})
