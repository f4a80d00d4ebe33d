-- input · phase 3 of 4: backfill
--
-- when   after phase 2; before the release that reads what is new
-- apply  segue apply <this directory> --phase 3
--        or psql -v ON_ERROR_STOP=1 -f 3_backfill.sql; either may be run again at any time
-- from   input.segue; made by segue: change that file and plan again rather than edit here

-- Lines that begin with a backslash, and the queries in front of them, are for psql alone.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
-- What a backslash in a string means, whatever the role or the database has set.
SET standard_conforming_strings = on;

SELECT segue.enter('input', '', 3, '43d06e24378a0dcd8946883e29e84a716e79779dbf448fd0a7ffff563816488f') AS segue_contracted \gset
\if :segue_contracted
\echo This change is contracted: nothing to do.
\quit
\endif

-- ── 3.1  Look for rows without a match under books_edited_by ──
-- why    they are listed here, before anything is built
-- locks  ACCESS SHARE on public.books, ACCESS SHARE on public.authors
-- scans  reads the table
-- undo   nothing: it only reads
-- from   line 3: reference books(editor) -> authors(id) on update cascade deferrable initially
--        deferred as books_edited_by
DO $segue_check$
#variable_conflict use_column
DECLARE
  found text;
BEGIN
  SET LOCAL row_security = off;  -- an error where a policy would hide rows
  SELECT pg_catalog.string_agg(ROW(v.*)::text, ' ') INTO found
    FROM (SELECT * FROM (
SELECT id::text, editor::text FROM public.books WHERE books.editor IS NOT NULL AND NOT EXISTS (SELECT FROM public.authors AS segue_target WHERE segue_target.id = books.editor)
    ) AS q LIMIT 10) AS v;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION '%', 'rows of public.books reference nothing in public.authors'
      USING DETAIL = found, HINT = 'mend them, or say `repair column = …` in the change; then run the phase again';
  END IF;
END
$segue_check$;

-- ── 3.2  Add books_author_fkey to public.books ──
-- why    books_author_fkey binds every row from now on; NOT VALID: binds new writes at once and
--        reads no row
-- locks  SHARE ROW EXCLUSIVE on public.books, SHARE ROW EXCLUSIVE on public.authors, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.books DROP CONSTRAINT IF EXISTS books_author_fkey;
-- from   line 1: reference books(author) -> authors(id) on delete set null
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.books') AND conname = 'books_author_fkey') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.books
  ADD CONSTRAINT books_author_fkey FOREIGN KEY (author) REFERENCES public.authors (id) ON DELETE SET NULL NOT VALID;
COMMIT;
\endif

-- ── 3.3  Keep what the fill overwrites in public.books ──
-- why    undo puts the old values back wherever the app has not written since
-- locks  ACCESS SHARE on public.books, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   DROP TABLE IF EXISTS segue.segue_public_books_journal_994965f1;
-- from   line 1: reference books(author) -> authors(id) on delete set null
SELECT pg_catalog.to_regclass('segue.segue_public_books_journal_994965f1') IS NOT NULL AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
CREATE TABLE segue.segue_public_books_journal_994965f1 AS
  SELECT id, author AS old_1, author AS new_1
    FROM public.books WITH NO DATA;
ALTER TABLE segue.segue_public_books_journal_994965f1 ADD PRIMARY KEY (id);
COMMIT;
\endif

-- ── 3.4  Fill public.books ──
-- why    in small batches, until books_author_fkey finds its row on every row
-- locks  ROW EXCLUSIVE on public.books
-- scans  writes rows, in small transactions
-- undo   ALTER TABLE public.books DROP CONSTRAINT IF EXISTS books_author_fkey;; then put back what
--        was overwritten in public.books
-- from   line 1: reference books(author) -> authors(id) on delete set null
DO $segue_backfill$
#variable_conflict use_column
<<segue_fill>>
DECLARE
  segue_lower bigint;
  segue_upper bigint;
  segue_batch bigint;
  segue_filled bigint;
BEGIN
  -- public.books: block ranges, then sweeps until one finds nothing left
  FOR segue_pass IN 0..3 LOOP
    segue_filled := 0;
    segue_upper := pg_catalog.pg_relation_size('public.books'::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;
    segue_lower := 0;
    WHILE segue_lower <= segue_upper LOOP
      SET LOCAL row_security = off;
      SET LOCAL segue.backfill = 'on';
WITH segue_before AS MATERIALIZED (
  SELECT ctid AS segue_tid, author AS segue_old_1
    FROM ONLY public.books
   WHERE ctid >= pg_catalog.format('(%s,0)', segue_fill.segue_lower)::tid AND ctid < pg_catalog.format('(%s,0)', segue_fill.segue_lower + 128)::tid
     AND (books.author IS NOT NULL AND NOT EXISTS (SELECT FROM public.authors AS segue_target WHERE segue_target.id = books.author))
     FOR NO KEY UPDATE
), segue_filled AS (
  UPDATE ONLY public.books
     SET author = CASE WHEN books.author IS NOT NULL AND NOT EXISTS (SELECT FROM public.authors AS segue_target WHERE segue_target.id = books.author) THEN null ELSE books.author END
    FROM segue_before
   WHERE books.ctid = segue_before.segue_tid
  RETURNING books.id, segue_before.segue_old_1, books.author
)
INSERT INTO segue.segue_public_books_journal_994965f1 SELECT * FROM segue_filled ON CONFLICT DO NOTHING;
      GET DIAGNOSTICS segue_batch = ROW_COUNT;
      segue_filled := segue_filled + segue_batch;
      segue_lower := segue_lower + 128;
      COMMIT;
    END LOOP;
    EXIT WHEN segue_pass > 0 AND segue_filled = 0;
  END LOOP;
END
$segue_backfill$;

-- ── 3.5  Add books_edited_by to public.books ──
-- why    books_edited_by binds every row from now on; NOT VALID: binds new writes at once and reads
--        no row
-- locks  SHARE ROW EXCLUSIVE on public.books, SHARE ROW EXCLUSIVE on public.authors, for a moment
-- scans  the catalogue only, whatever the table's size
-- undo   ALTER TABLE public.books DROP CONSTRAINT IF EXISTS books_edited_by;
-- from   line 3: reference books(editor) -> authors(id) on update cascade deferrable initially
--        deferred as books_edited_by
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.books') AND conname = 'books_edited_by') AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.books
  ADD CONSTRAINT books_edited_by FOREIGN KEY (editor) REFERENCES public.authors (id) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID;
COMMIT;
\endif

-- ── 3.6  Validate public.books ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.books, ROW SHARE on public.authors
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 1: reference books(author) -> authors(id) on delete set null
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.books') AND conname = 'books_author_fkey' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.books
  VALIDATE CONSTRAINT books_author_fkey;
COMMIT;
\endif

-- ── 3.7  Validate public.books ──
-- why    reads every row once, beside the traffic
-- locks  SHARE UPDATE EXCLUSIVE on public.books, ROW SHARE on public.authors
-- scans  reads the table
-- undo   nothing: the constraints go with the step that added them
-- from   line 3: reference books(editor) -> authors(id) on update cascade deferrable initially
--        deferred as books_edited_by
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass('public.books') AND conname = 'books_edited_by' AND convalidated) AS segue_done \gset
\if :segue_done
\else
BEGIN;
SET LOCAL lock_timeout = '200ms';
ALTER TABLE public.books
  VALIDATE CONSTRAINT books_edited_by;
COMMIT;
\endif

SELECT segue.leave('input', 3) AS "phase complete";
