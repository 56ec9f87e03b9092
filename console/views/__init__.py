"""One file per subject; each has `pages`, a blueprint."""
