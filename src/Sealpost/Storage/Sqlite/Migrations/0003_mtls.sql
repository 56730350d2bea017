-- Times are milliseconds since 1970 in UTC.

-- The embedded vault: key material sealed with a data key of its own, which the master key wraps.
CREATE TABLE vault_envelopes (
  account      TEXT NOT NULL,
  record       INTEGER NOT NULL,
  version      INTEGER NOT NULL,
  wrapped_key  BLOB NOT NULL,
  sealed       BLOB NOT NULL,
  UNIQUE (account, record, version)
);

-- version: what is in use; 0 while the first is on its way to the vault. last_version: the last that was given, never given again.
-- warned_days: how many days ahead of its end the last warning was given; none yet: null.
CREATE TABLE certificates (
  id            INTEGER PRIMARY KEY,
  account       INTEGER NOT NULL REFERENCES accounts(number),
  name          TEXT NOT NULL,
  version       INTEGER NOT NULL,
  last_version  INTEGER NOT NULL,
  expires_at    INTEGER,
  warned_days   INTEGER,
  UNIQUE (account, name)
);

-- Places in the vault that no certificate refers to, and that still have to be wiped there. in_flight: an upload is under way that may
-- put the place in use; none is when a process starts.
CREATE TABLE certificate_leftovers (
  account    TEXT NOT NULL,
  record     INTEGER NOT NULL,
  version    INTEGER NOT NULL,
  in_flight  INTEGER NOT NULL,
  PRIMARY KEY (account, record, version)
) WITHOUT ROWID;

-- Which certificate is presented where. service: 0 TEST_SERVICE, 1 IDP, 2 WEBHOOKS. url: as it was given; canonical: as it is compared.
-- certificate may name one that is gone.
CREATE TABLE mappings (
  id           INTEGER PRIMARY KEY,
  account      INTEGER NOT NULL REFERENCES accounts(number),
  name         TEXT NOT NULL,
  service      INTEGER NOT NULL,
  url          TEXT NOT NULL,
  canonical    TEXT NOT NULL,
  certificate  INTEGER NOT NULL,
  enabled      INTEGER NOT NULL,
  UNIQUE (account, name),
  UNIQUE (account, service, canonical)
);

-- What MTLS answered last: whether an endpoint of the webhooks service is mapped to a certificate.
CREATE TABLE routes (
  account    TEXT NOT NULL,
  endpoint   TEXT NOT NULL,
  is_mapped  INTEGER NOT NULL,
  PRIMARY KEY (account, endpoint)
) WITHOUT ROWID;
