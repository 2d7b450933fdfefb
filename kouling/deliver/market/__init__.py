"""The market: what is searched for in it, and the paid places among what is found.

Nothing here reads a table: `search` checks what is asked, `words` says what a text is found by,
`auction` who gets the paid places and for how much.
"""
