"""`make torture`: many builds made to fail; prints what went wrong, and the figures."""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

from kg import scaffold
from tests.torture.harness import Torture


def main(faults: int, kills: int, seed: int) -> int:
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder) / "project"
        list(scaffold.create(directory))
        torture = Torture(directory, random.Random(seed))  # noqa: S311 - no secret
        torture.prepare()
        for harm in [*torture.faults(faults), *torture.kills(kills)]:
            for each in torture.harm(harm):
                wrong += 1
                print(each, flush=True)  # noqa: T201 - the output of the command
    figures = ", ".join(f"{number} {name}" for name, number in torture.outcomes.items())
    print(f"{faults} faults and {kills} kills: {figures}; {wrong} wrong")  # noqa: T201 - as above
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
