-- Times are milliseconds since 1970 in UTC.

-- Ranges of an install's deliveries that are being accepted once more, or have been (protocol 4). of: which of them, 0 those that were over
-- in either way, 2 delivered, 3 dead. through_id: the last delivery when it was asked for, so that a replay never repeats its own.
-- last_id: the last original that is through, written with the new deliveries. total null: not counted yet.
-- state: 0 running, 1 done, 2 cancelled, 3 failed.
CREATE TABLE replays (
  id            INTEGER PRIMARY KEY,
  account       INTEGER NOT NULL REFERENCES accounts(number),
  install       INTEGER NOT NULL REFERENCES installs(number),
  conversation  TEXT,
  since         INTEGER NOT NULL,
  until         INTEGER NOT NULL,
  of            INTEGER NOT NULL,
  through_id    INTEGER NOT NULL,
  last_id       INTEGER NOT NULL,
  total         INTEGER,
  done          INTEGER NOT NULL DEFAULT 0,
  skipped       INTEGER NOT NULL DEFAULT 0,
  state         INTEGER NOT NULL DEFAULT 0,
  error         TEXT,
  created_at    INTEGER NOT NULL,
  finished_at   INTEGER
);
CREATE UNIQUE INDEX replays_running ON replays(install) WHERE state = 0;
CREATE INDEX replays_account ON replays(account, id);
