"""Tables: what a book gives and takes. The schema, grids of cells, tables to planner (`parsing`) and back (`rendering`)."""
