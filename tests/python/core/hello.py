"""The smallest thing that has to work."""

print("hello", 1 + 2)
