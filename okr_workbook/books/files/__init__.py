"""Files of the user's: saved whole or not at all, under a lock, with backups and a journal to undo by."""
