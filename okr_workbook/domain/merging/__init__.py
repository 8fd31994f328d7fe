"""What teams send back, merged into the planner: three-way, in any order, any number of times."""
