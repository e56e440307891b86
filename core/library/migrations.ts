/**
 * Schema migrations, in order; SQLite's user_version counts those that a database has had. A released one is never
 * changed:
 * add another.
 */
export const INDEX_MIGRATIONS: readonly string[] = [
  `CREATE TABLE pictures (
     id TEXT PRIMARY KEY,
     file TEXT NOT NULL UNIQUE,          -- relative to pictures/, with "/"
     file_mtime REAL NOT NULL,
     bytes INTEGER NOT NULL,
     created TEXT NOT NULL,              -- ISO 8601, UTC
     word TEXT, translation TEXT,
     style TEXT NOT NULL, model TEXT NOT NULL, sampler TEXT NOT NULL,
     seed INTEGER NOT NULL, steps INTEGER NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
     draft INTEGER NOT NULL,
     legibility REAL,
     job TEXT UNIQUE,
     version TEXT NOT NULL, request TEXT NOT NULL, record TEXT,
     rating INTEGER NOT NULL DEFAULT 0,
     notes TEXT NOT NULL DEFAULT '',
     trashed TEXT,
     sidecar_mtime REAL,                 -- of the file with rating, tags and notes; null: there is none
     search TEXT NOT NULL                -- everything that is searched, folded
   ) STRICT;
   CREATE INDEX pictures_created ON pictures (trashed, created);
   CREATE INDEX pictures_rating ON pictures (trashed, rating, created);
   CREATE INDEX pictures_legibility ON pictures (trashed, legibility, created);
   CREATE INDEX pictures_style ON pictures (style, created);
   CREATE TABLE tags (
     picture TEXT NOT NULL REFERENCES pictures (id) ON DELETE CASCADE,
     tag TEXT NOT NULL,
     PRIMARY KEY (picture, tag)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX tags_tag ON tags (tag);`,
  `CREATE TABLE hashes (
     path TEXT PRIMARY KEY,
     bytes INTEGER NOT NULL,
     mtime REAL NOT NULL,
     sha256 TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX hashes_sha256 ON hashes (sha256);`,
  // What a set's pictures took, which lie outside the library.
  `CREATE TABLE speeds (
     model TEXT NOT NULL,
     at TEXT NOT NULL,                   -- ISO 8601, UTC
     rate REAL NOT NULL                  -- milliseconds a megapixel step
   ) STRICT;
   CREATE INDEX speeds_model ON speeds (model, at);`,
]

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
