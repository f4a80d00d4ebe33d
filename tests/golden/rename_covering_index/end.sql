ALTER TABLE prices RENAME COLUMN cents TO amount_cents;
