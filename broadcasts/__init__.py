"""Word to the 225 groups: what is due becomes one delivery per group, and the senders take it from there."""
