CREATE TABLE rooms (
  id bigint PRIMARY KEY,
  size integer CONSTRAINT rooms_size_check CHECK (size > 0 AND size < 10000),
  kind text CHECK (kind <> 'size'),
  CONSTRAINT rooms_kind_size CHECK (kind IS NOT NULL OR "size" IS NULL),
  CONSTRAINT rooms_size_even CHECK ((size % 2) = 0) NO INHERIT
);
ALTER TABLE rooms ADD CONSTRAINT rooms_size_small CHECK (size < 500) NOT VALID;
COMMENT ON CONSTRAINT rooms_size_check ON rooms IS 'In square metres.';
