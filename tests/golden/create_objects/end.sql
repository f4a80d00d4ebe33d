create type mood as enum ('so; la', 'schön', $$it's$$);
create type app.span as range (subtype = date);
create type pair as (a integer, b mood);
CREATE TABLE notes (
  id serial PRIMARY KEY, "User Id" int,
  user_id bigint NOT NULL REFERENCES users (id) DEFERRABLE,
  body text UNIQUE,
  mood mood DEFAULT 'so; la', parent integer REFERENCES notes,
CHECK (body <> ''), CONSTRAINT "One each" UNIQUE (user_id, mood)
);
create table note_tags (note_id bigint references notes on delete cascade, tag text, primary key (note_id, tag));
create table public.events (at timestamptz not null, what pair) partition by range (at);
create view app.notes_of_users as
  select u.id, n.body from users u left join notes n on n.user_id = u.id;
