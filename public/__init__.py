"""The pages for residents, open to everybody."""

from public.app import create_public, mount

__all__ = ["create_public", "mount"]
