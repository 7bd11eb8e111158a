"""Process 3: from Redis to the inbox. The same as `southbound mail`."""

import sys

from southbound.commands.mail import main

if __name__ == "__main__":
    sys.exit(main())
