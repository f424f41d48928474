"""Templates as data: the manifest, its inputs, what it would do, and how its files are rendered. Pure: nothing runs."""
