"""`python -m kg` is `kg`."""

import sys

# `-m` puts the current directory first on the path, where any file would stand for a library's
# module of that name; only a checkout that is not installed needs it.
if not sys.flags.safe_path and sys.path[0] != __file__.removesuffix("/kg/__main__.py"):
    del sys.path[0]

try:
    from kg.cli import main
except ImportError as error:  # as where there is no memory left for a module
    sys.stderr.write(f"kg: {' '.join(str(error).split())}\n")
    sys.exit(2)

main(prog_name="kg")
