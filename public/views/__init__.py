"""One file per subject of the public pages."""
