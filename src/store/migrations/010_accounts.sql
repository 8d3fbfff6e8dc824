-- The cap asks whether any take was sent from here with an account.
CREATE INDEX takes_account ON takes (account) WHERE account IS NOT NULL;
