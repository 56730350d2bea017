-- Where the chains of installs stood, every some thousand deliveries: the last delivery of each install up to and with the delivery
-- through. A list that begins deep in the past finds its place by them (ADR 23).
CREATE TABLE install_marks (
  through   INTEGER NOT NULL,
  install   INTEGER NOT NULL,
  delivery  INTEGER NOT NULL,
  PRIMARY KEY (through, install)
) WITHOUT ROWID;

-- A replay's delivery does not lie behind its notification.
CREATE INDEX deliveries_replayed ON deliveries(notification) WHERE replay_of IS NOT NULL;

-- All installs of an account, deleted ones too.
CREATE INDEX installs_account ON installs(account);

-- Null: whatever its conversation is.
ALTER TABLE removals ADD COLUMN conversation_key INTEGER;
