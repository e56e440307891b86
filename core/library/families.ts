/** Which pictures belong together, as the index knows it: albums and versions. */
import type { DatabaseSync } from 'node:sqlite'

/** Of versions of one picture no more are listed. */
const MOST_VERSIONS = 500

/** Pictures that belong together: a set's, or what the user has put together. */
export interface Album {
  kind: 'set' | 'own'
  /** Of a set its id; of an own album its name. */
  id: string
  name: string
  /** How many pictures it has outside the trash. */
  pictures: number
  /** Id of its newest picture. */
  cover: string
}

export class Families {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** All albums: sets, the newest first, then the user's own by name. */
  albums(): Album[] {
    const sets = this.#database
      .prepare(
        `SELECT set_id AS id, set_name AS name, count(*) AS pictures, id AS cover, max(created) AS newest
         FROM pictures WHERE trashed IS NULL AND set_id IS NOT NULL GROUP BY set_id ORDER BY newest DESC`,
      )
      .all()
    const own = this.#database
      .prepare(
        `SELECT album AS id, album AS name, count(*) AS pictures, id AS cover, max(created) AS newest
         FROM albums JOIN pictures ON pictures.id = picture WHERE trashed IS NULL GROUP BY album ORDER BY album`,
      )
      .all()
    const viewOf = (kind: Album['kind']) => (row: Record<string, unknown>) => ({
      kind,
      id: String(row['id']),
      name: String(row['name']),
      pictures: Number(row['pictures']),
      cover: String(row['cover']),
    })
    return [...sets.map(viewOf('set')), ...own.map(viewOf('own'))]
  }

  /** The newest picture of a set outside the trash. */
  newestOfSet(set: string): string | null {
    const row = this.#database
      .prepare('SELECT id FROM pictures WHERE set_id = ? AND trashed IS NULL ORDER BY created DESC LIMIT 1')
      .get(set)
    return row ? String(row['id']) : null
  }

  /** Ids of all pictures of an album of the user's own, those in the trash included. */
  inAlbum(album: string): string[] {
    return this.#database
      .prepare('SELECT picture FROM albums WHERE album = ?')
      .all(album)
      .map(({ picture }) => String(picture))
  }

  /**
   * The versions of a picture outside the trash, the oldest first: from the first one that is still there, all that were
   * painted from it, and from those. Itself alone where it has no others.
   */
  versionsOf(id: string): string[] {
    return this.#database
      .prepare(
        `WITH RECURSIVE
           above (id, parent, far) AS (
             SELECT id, parent, 0 FROM pictures WHERE id = ?
             UNION ALL
             SELECT p.id, p.parent, far + 1 FROM pictures p JOIN above ON p.id = above.parent WHERE far < ?),
           family (id) AS (
             SELECT * FROM (SELECT id FROM above ORDER BY far DESC LIMIT 1)
             UNION
             SELECT p.id FROM pictures p JOIN family ON p.parent = family.id)
         SELECT id FROM pictures WHERE id IN family AND trashed IS NULL ORDER BY created, id LIMIT ?`,
      )
      .all(id, MOST_VERSIONS, MOST_VERSIONS)
      .map(row => String(row['id']))
  }
}
