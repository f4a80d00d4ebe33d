ALTER TYPE mood ADD VALUE 'happy' AFTER 'ok';
ALTER TYPE mood ADD VALUE 'très content' BEFORE 'it''s fine';
ALTER TYPE app."State" ADD VALUE 'shipped';
