ALTER TABLE files RENAME COLUMN owner TO owned_by;
