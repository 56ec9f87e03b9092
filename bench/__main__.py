"""`python -m bench`: every benchmark, one after the other."""

from bench import broadcasts, matcher, media, peers, queue, statistics, webhook
from bench.machine import describe

if __name__ == "__main__":
    print(describe())
    webhook.main()
    matcher.main()
    peers.main([])
    media.main()
    broadcasts.main()
    queue.main()
    statistics.main()
