"""The coach: what is wrong with a plan or weak in it, each check a function."""
