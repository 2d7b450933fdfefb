"""The routes of each room, a file a room."""
