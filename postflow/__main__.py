"""``python -m postflow``."""

import sys

from postflow.cli import main

sys.exit(main())
