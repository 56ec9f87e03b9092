"""`python -m bench`: every benchmark, one after the other."""

from bench import matcher, queue, webhook
from bench.machine import describe

if __name__ == "__main__":
    print(describe())
    webhook.main()
    matcher.main()
    queue.main()
