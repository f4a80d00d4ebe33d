ALTER TABLE users RENAME TO people;
ALTER TABLE user_cards RENAME TO id_cards;
ALTER TABLE id_cards ADD COLUMN bio text;
UPDATE id_cards SET bio = people.bio FROM people WHERE id_cards.user_id = people.id;
ALTER TABLE people DROP COLUMN bio;
