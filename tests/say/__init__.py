"""What a spoken sentence would do: scripts/say."""
