"""`python -m saima` is `saima`."""

import sys

from saima.cli import main

if __name__ == "__main__":
    sys.exit(main())
