/** One script a schema version; a published one never changes. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE own (network TEXT, id TEXT, PRIMARY KEY (network, id)) WITHOUT ROWID;
  CREATE TABLE link (channel TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE position (channel TEXT PRIMARY KEY, cursor TEXT, gap INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;

  CREATE TABLE held (seq INTEGER PRIMARY KEY, channel TEXT NOT NULL, id TEXT NOT NULL, event TEXT NOT NULL);
  CREATE UNIQUE INDEX held_id ON held (channel, id);

  CREATE TABLE event (seq INTEGER PRIMARY KEY, channel TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL);
  CREATE UNIQUE INDEX event_id ON event (channel, id);

  -- Waiting, parked, begun and dead deliveries. A row leaves with its last commit, and the text with it.
  CREATE TABLE delivery (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    lane TEXT NOT NULL,
    kind TEXT NOT NULL,
    source_channel TEXT NOT NULL,
    source_message TEXT NOT NULL,
    body TEXT NOT NULL,
    saying TEXT,
    accepted_at INTEGER NOT NULL,
    part INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL DEFAULT 0,
    parked_until INTEGER,         -- 0: let go, and not back in its place yet
    parked_out INTEGER NOT NULL DEFAULT 0,
    begun_at INTEGER,
    holder INTEGER,               -- the opening of the store that began it
    fresh INTEGER NOT NULL DEFAULT 1, -- 0: a send of it may have left unanswered
    dead_at INTEGER,
    reason TEXT
  );
  CREATE INDEX delivery_order ON delivery (lane, seq) WHERE dead_at IS NULL;
  CREATE INDEX delivery_parked ON delivery (lane, seq) WHERE dead_at IS NULL AND parked_until IS NOT NULL;
  CREATE INDEX delivery_source ON delivery (lane, source_message, source_channel) WHERE dead_at IS NULL;

  CREATE TABLE lane (
    lane TEXT PRIMARY KEY,
    delivered INTEGER NOT NULL DEFAULT 0,
    healed INTEGER NOT NULL DEFAULT 0,
    last_channel TEXT,
    last_message TEXT
  ) WITHOUT ROWID;

  -- The message map: who wrote what, and how it stands elsewhere. Sequences ascend with time, which sweeping relies on.
  CREATE TABLE message (
    seq INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    message TEXT NOT NULL,
    author_id TEXT NOT NULL,
    author TEXT NOT NULL,
    hash TEXT NOT NULL,
    at INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX message_ref ON message (channel, message);

  CREATE TABLE copy (
    seq INTEGER PRIMARY KEY,
    source_channel TEXT NOT NULL,
    source_message TEXT NOT NULL,
    lane TEXT NOT NULL,
    part INTEGER NOT NULL,
    channel TEXT NOT NULL,
    message TEXT NOT NULL,
    handle TEXT NOT NULL,
    key TEXT NOT NULL,
    at INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX copy_source ON copy (source_message, source_channel, lane, part);
  CREATE INDEX copy_ref ON copy (message, channel);

  -- Every key ever sent under, also of copies since edited or gone: a late twin carries its first one.
  CREATE TABLE sent (
    seq INTEGER PRIMARY KEY,
    lane TEXT NOT NULL,
    key TEXT NOT NULL,
    channel TEXT NOT NULL,
    message TEXT NOT NULL,
    handle TEXT NOT NULL,
    at INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX sent_key ON sent (key, lane);
  `,
];
