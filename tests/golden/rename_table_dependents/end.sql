ALTER TABLE measurements RENAME TO readings;
