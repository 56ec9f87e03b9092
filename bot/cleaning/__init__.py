"""Clean copies of strangers' files, made where a hostile file can do no harm.

`cleaner.py` is the door: it hands an open file to a child process and gets a clean copy back, or the reason why
not. `__main__.py` is that child: it is started without our settings, keeps the libraries ready, and forks for each
file a process in a cage (`cage.py`) that cannot open files, use the network, or take more memory and time than one
file is worth. What reads the formats (`pictures.py`, `clips.py`, `papers.py`) runs in the cage only.
"""
