"""The door for the province's own systems: /api/v1, described by its own OpenAPI document."""

from api.app import create_api, mount
from api.monthly import frozen_scores

__all__ = ["create_api", "frozen_scores", "mount"]
