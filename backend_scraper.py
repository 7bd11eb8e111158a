"""Process 1: from the HKEXnews page into Redis. The same as `southbound scrape`."""

import sys

from southbound.commands.scrape import main

if __name__ == "__main__":
    sys.exit(main())
