"""Sheets to print, made with Typst from templates and fonts of our own; nothing is fetched."""
