"""`python -m southbound`: the console script, wherever that lies."""

import sys

from southbound.cli import main

if __name__ == "__main__":
    sys.exit(main())
