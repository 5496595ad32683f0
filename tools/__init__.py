"""Programs that make or compare what the project commits: pages, pictures, test data, and records of daemons."""
