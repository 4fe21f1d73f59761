"""make bench: every figure that we promise, each as a ratio to a floor measured in the same run.

python -m benchmarks            all
python -m benchmarks NAME ...   some of them, by the name of their file
"""

import argparse
import importlib
from pathlib import Path

HARNESS = {"__init__", "__main__", "figure", "environment"}
NAMES = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in HARNESS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[[], *NAMES], help=", ".join(NAMES))
    for name in parser.parse_args().names or NAMES:
        print(f"-- {name}", flush=True)
        for figure in importlib.import_module(f"benchmarks.{name}").run():
            print(figure, flush=True)


if __name__ == "__main__":
    main()
