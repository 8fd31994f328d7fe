"""The steps joined: one module an action. The only layer that knows books, tables and the core at once."""
