"""Programs that build what is kept in the tree: tables, pages."""
