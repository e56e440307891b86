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
  // Albums: a set's is in the picture's record, the user's own are in its notes. What dictionaries know of the word is
  // looked up once; null: not yet.
  `ALTER TABLE pictures ADD COLUMN set_id TEXT;
   ALTER TABLE pictures ADD COLUMN set_name TEXT;
   ALTER TABLE pictures ADD COLUMN known TEXT;
   CREATE INDEX pictures_set ON pictures (set_id, created);
   CREATE TABLE albums (
     picture TEXT NOT NULL REFERENCES pictures (id) ON DELETE CASCADE,
     album TEXT NOT NULL,
     PRIMARY KEY (picture, album)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX albums_album ON albums (album);`,
  // The picture of which this one is a version. A row whose request cannot be read has none.
  `ALTER TABLE pictures ADD COLUMN parent TEXT
     GENERATED ALWAYS AS (CASE WHEN json_valid(request) THEN json_extract(request, '$.parent') END) VIRTUAL;
   CREATE INDEX pictures_parent ON pictures (parent);`,
]
