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
]
