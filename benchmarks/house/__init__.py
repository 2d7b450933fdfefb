"""What the house weighs: modules, doors, the import, and the way of a request through it."""
