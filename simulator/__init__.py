"""A make-believe Zalo: the platform as far as the bot sees it, for demo, training and tests.

It knows nothing of the bot: they speak over HTTP, as with the real one. What is simulated and what was chosen
where the real behaviour is unknown: simulator/README.md.
"""
