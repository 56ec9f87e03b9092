"""The officers' pages. An officer's act is a row; the loops carry it out.

The front door is `console.app`. It is not opened here: who only makes a password need not load every page for it.
"""
