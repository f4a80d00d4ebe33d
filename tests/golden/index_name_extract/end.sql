CREATE INDEX ON t ((extract(year from at)));
