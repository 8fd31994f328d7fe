"""Team workbooks leave the machine: what a message says, how it travels, and what the ledger knows of it.

Pure: addresses, letter, rendering, message. Transports: drafts, smtp, microsoft365, outlook, and the Outbox for
tests and trials. Nothing here is imported on the way from click to result.
"""
