ALTER TABLE events RENAME day TO "On";
