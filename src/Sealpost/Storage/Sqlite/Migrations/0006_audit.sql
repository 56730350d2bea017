-- What administrators did, or were refused. account: its number; 0: the act belongs to no account. at: the first one's time of
-- those that a row stands for, last_at: the last one's, times: how many. outcome: 0 done, 1 refused, 2 failed. Nothing here is
-- secret. Ids are never used again: a cursor stays good after the oldest rows are forgotten.
CREATE TABLE audit (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  account     INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  last_at     INTEGER NOT NULL,
  times       INTEGER NOT NULL,
  actor_kind  TEXT NOT NULL,
  actor_id    TEXT,
  actor_name  TEXT,
  action      TEXT NOT NULL,
  target      TEXT,
  outcome     INTEGER NOT NULL,
  status      INTEGER NOT NULL,
  code        TEXT,
  detail      TEXT,
  remote      TEXT
);

CREATE INDEX audit_of_account ON audit(account, at);

-- To forget what is beyond the bound of refused acts.
CREATE INDEX audit_not_done ON audit(id) WHERE outcome > 0;
