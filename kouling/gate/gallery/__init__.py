"""The gallery: pictures of items, looked into once, remembered, known again when changed."""
