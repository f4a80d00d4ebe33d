CREATE TYPE mood AS ENUM ('sad', 'ok', 'very happy');
CREATE TABLE people (
  id bigint PRIMARY KEY,
  mood text NOT NULL DEFAULT 'ok',
  wish text
);
CREATE INDEX people_mood_idx ON people (mood, id);
