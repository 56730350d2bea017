-- OAuth 1.0 app keys. account null: the platform's own. privileges: a sum of 1 MTLS_FORWARD, 2 MTLS_READ_INTERNAL,
-- 4 MTLS_WRITE_INTERNAL. Both secrets are needed as they are, to compute signatures with: they are sealed, not hashed.
CREATE TABLE app_keys (
  consumer_key     TEXT PRIMARY KEY,
  account          INTEGER REFERENCES accounts(number),
  name             TEXT NOT NULL,
  privileges       INTEGER NOT NULL,
  consumer_secret  BLOB NOT NULL,  -- sealed
  token            TEXT NOT NULL,
  token_secret     BLOB NOT NULL,  -- sealed
  created_at       INTEGER NOT NULL
) WITHOUT ROWID;
