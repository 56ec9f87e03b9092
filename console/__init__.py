"""The officers' pages. An officer's act is a row; the loops carry it out."""

from console.app import create_console, mount

__all__ = ["create_console", "mount"]
