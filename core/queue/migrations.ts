/** The steps by which the queue's database came to its shape, in order (as library/migrations.ts). */
export const QUEUE_MIGRATIONS: readonly string[] = [
  `CREATE TABLE jobs (
     id TEXT PRIMARY KEY,
     kind TEXT NOT NULL,
     payload TEXT NOT NULL,              -- JSON, read by the kind's own handler
     title TEXT NOT NULL,
     state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
     priority INTEGER NOT NULL,          -- higher first
     place REAL NOT NULL,                -- lower first among equal priorities
     cost REAL NOT NULL,                 -- megapixel steps, for the time that is left
     created TEXT NOT NULL,
     tries INTEGER NOT NULL DEFAULT 0,
     error TEXT,                         -- JSON of an ErrorReport
     progress TEXT,                      -- JSON
     result TEXT,                        -- JSON
     host TEXT                           -- who runs it
   ) STRICT;
   CREATE INDEX jobs_order ON jobs (state, priority DESC, place);
   CREATE TABLE hosts (
     id TEXT PRIMARY KEY,
     pid INTEGER NOT NULL,
     seen INTEGER NOT NULL               -- milliseconds since 1970
   ) STRICT;
   CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;`,
  // Payloads of sets have megabytes: apart, so that a change of state or progress does not write them again; "brief" is
  // what lists show of them. What is over is history, which nothing that runs has to read.
  `CREATE TABLE payloads (id TEXT PRIMARY KEY, payload TEXT NOT NULL) STRICT;
   INSERT INTO payloads SELECT id, payload FROM jobs;
   ALTER TABLE jobs ADD COLUMN brief TEXT;  -- JSON; null: the payload is brief enough
   UPDATE jobs SET brief = json_set(payload, '$.set.words', json('[]'))
     WHERE kind = 'set' AND json_valid(payload) AND json_type(payload, '$.set.words') = 'array';
   ALTER TABLE jobs DROP COLUMN payload;
   CREATE TABLE history (
     n INTEGER PRIMARY KEY AUTOINCREMENT,  -- in the order in which the jobs ended
     id TEXT NOT NULL UNIQUE,
     kind TEXT NOT NULL,
     brief TEXT,
     title TEXT NOT NULL,
     state TEXT NOT NULL CHECK (state IN ('done', 'failed', 'cancelled')),
     priority INTEGER NOT NULL,
     cost REAL NOT NULL,
     created TEXT NOT NULL,
     ended INTEGER NOT NULL,               -- milliseconds since 1970
     tries INTEGER NOT NULL,
     error TEXT,
     progress TEXT,
     result TEXT
   ) STRICT;
   CREATE INDEX history_state ON history (state);
   CREATE INDEX history_ended ON history (ended);
   INSERT INTO history (id, kind, brief, title, state, priority, cost, created, ended, tries, error, progress, result)
     SELECT id, kind, brief, title, state, priority, cost, created, coalesce(unixepoch(created), unixepoch()) * 1000,
            tries, error, progress, result
     FROM jobs WHERE state IN ('done', 'failed', 'cancelled') ORDER BY place;
   DELETE FROM jobs WHERE state IN ('done', 'failed', 'cancelled');
   CREATE TABLE damaged (id TEXT NOT NULL, at TEXT NOT NULL, payload TEXT) STRICT;  -- rows that could not be read`,
]
