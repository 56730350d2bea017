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

-- The nonces of verified requests. signed_at: the request's timestamp, in seconds as it was signed. digest: SHA-256 of consumer
-- key, token and nonce. By time first: what is new is written at one end, what is forgotten is at the other.
CREATE TABLE nonces (
  signed_at  INTEGER NOT NULL,
  digest     BLOB NOT NULL,
  PRIMARY KEY (signed_at, digest)
) WITHOUT ROWID;
