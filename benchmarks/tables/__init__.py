"""Raw results come in, tables in Markdown go out: for the terminal and for the page alike."""
