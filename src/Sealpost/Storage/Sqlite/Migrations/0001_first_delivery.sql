-- Times are milliseconds since 1970 in UTC. Ids of notifications and deliveries come from one counter and are never reused.

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value BLOB NOT NULL
) WITHOUT ROWID;

-- A deleted account keeps its row: its number stands in notifications and must not pass to another account.
CREATE TABLE accounts (
  number      INTEGER PRIMARY KEY,
  id          TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  revision    INTEGER NOT NULL,
  deleted_at  INTEGER
);
CREATE UNIQUE INDEX accounts_id ON accounts(id) WHERE deleted_at IS NULL;

-- Account tokens (kind 1) and login bearers (kind 2). Only the hash of a token is kept. parent: the token that a bearer was
-- given for; scopes: a sum of 1 publish, 2 read, 4 manage.
CREATE TABLE tokens (
  id          TEXT PRIMARY KEY,
  account     INTEGER NOT NULL REFERENCES accounts(number),
  kind        INTEGER NOT NULL,
  name        TEXT NOT NULL,
  scopes      INTEGER NOT NULL,
  hash        BLOB NOT NULL UNIQUE,
  created_at  INTEGER NOT NULL,
  expires_at  INTEGER,
  parent      TEXT
) WITHOUT ROWID;

CREATE TABLE installs (
  number                INTEGER PRIMARY KEY,
  account               INTEGER NOT NULL REFERENCES accounts(number),
  client_id             TEXT NOT NULL UNIQUE,
  client_name           TEXT NOT NULL,
  manifest              BLOB NOT NULL,
  secret                BLOB NOT NULL,      -- sealed
  previous_secret       BLOB,               -- sealed
  previous_until        INTEGER,
  issued_at             INTEGER NOT NULL,
  revision              INTEGER NOT NULL,
  enabled               INTEGER NOT NULL,
  disabled_reason       TEXT,
  deleted_at            INTEGER
);
CREATE UNIQUE INDEX installs_name ON installs(account, client_name) WHERE deleted_at IS NULL;

-- Event type keys as small numbers, so that a delivery's row and its indexes stay small.
CREATE TABLE event_types (
  number INTEGER PRIMARY KEY,
  name   TEXT NOT NULL UNIQUE
);

-- The published bytes, once. line: the id the publisher was given, where a split made several of one line.
CREATE TABLE notifications (
  id            INTEGER PRIMARY KEY,
  account       INTEGER NOT NULL,
  event_type    INTEGER NOT NULL,
  conversation  TEXT NOT NULL,
  accepted_at   INTEGER NOT NULL,
  line          INTEGER,
  body          BLOB NOT NULL
);

-- state: 0 in its lane, 1 waiting for a retry beside its lane, 2 delivered, 3 dead.
-- event_type: the webhook of the install that it goes to. lane_previous, install_previous: the delivery before it of its lane, and of
-- its install, whatever became of that; null for the first. Lists follow them from the newest on (ADR 16).
CREATE TABLE deliveries (
  id               INTEGER PRIMARY KEY,
  install          INTEGER NOT NULL,
  notification     INTEGER NOT NULL,
  conversation_key INTEGER NOT NULL,
  sequence         INTEGER NOT NULL,
  event_type       INTEGER NOT NULL,
  bytes            INTEGER NOT NULL,
  accepted_at      INTEGER NOT NULL,
  state            INTEGER NOT NULL,
  attempts         INTEGER NOT NULL,
  due_at           INTEGER,
  completed_at     INTEGER,
  duration         INTEGER,
  route            INTEGER,
  last_status      INTEGER,
  last_error       TEXT,
  reason           TEXT,
  replay_of        INTEGER,
  lane_previous    INTEGER,
  install_previous INTEGER
);
-- All that the start and the backlog's cursor read, so that neither touches a row.
CREATE INDEX deliveries_backlog ON deliveries(install, id, conversation_key, sequence, event_type, bytes, accepted_at) WHERE state = 0;
CREATE INDEX deliveries_waiting ON deliveries(install, id, due_at, attempts, bytes) WHERE state = 1;
CREATE INDEX deliveries_dead ON deliveries(install, id) WHERE state = 3;

-- The last delivery of each lane and of each install, written behind: those of deliveries above the id that stands in meta under
-- ends_through may be missing or old, and are found in deliveries.
CREATE TABLE lane_ends (
  install          INTEGER NOT NULL,
  conversation_key INTEGER NOT NULL,
  sequence         INTEGER NOT NULL,
  delivery         INTEGER NOT NULL,
  PRIMARY KEY (install, conversation_key)
) WITHOUT ROWID;
CREATE TABLE install_ends (
  install   INTEGER PRIMARY KEY,
  delivery  INTEGER NOT NULL
);

-- How installs that retry by time to live stand, if not up (protocol 4). state: 1 failed, 2 in transition, 3 recovered.
-- failing: the failing set as JSON, each endpoint with the delivery that failed there last.
CREATE TABLE standings (
  install       INTEGER PRIMARY KEY,
  state         INTEGER NOT NULL,
  failed_since  INTEGER,
  failing       TEXT NOT NULL,
  step          INTEGER NOT NULL,
  round_at      INTEGER,
  watermark     INTEGER NOT NULL
);

-- Stored deliveries that became dead at a change of their install (protocol 2), or were dropped, and still have to be marked, in
-- batches. event_type null: whatever it is.
CREATE TABLE removals (
  install     INTEGER NOT NULL,
  event_type  INTEGER,
  from_id     INTEGER NOT NULL,
  through_id  INTEGER NOT NULL,
  reason      TEXT NOT NULL
);

CREATE TABLE idempotency (
  account     INTEGER NOT NULL,
  key         TEXT NOT NULL,
  body_hash   BLOB NOT NULL,
  answer      BLOB NOT NULL,
  expires_at  INTEGER NOT NULL,
  PRIMARY KEY (account, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_expiry ON idempotency(expires_at);
