import argparse
import importlib
import pkgutil

import bench
from bench.product import running

SUPPORT = {
    "__main__",
    "product",
    "figures",
    "bare",
    "bare_settings",
    "servers",
    "wire",
    "open_loop",
}


def main() -> None:
    names = [found.name for found in pkgutil.iter_modules(bench.__path__)]
    known = sorted(set(names) - SUPPORT)
    parser = argparse.ArgumentParser(prog="make bench NAME=…", description=bench.__doc__)
    parser.add_argument("name", nargs="?", choices=known, help="which benchmark to run")
    chosen = parser.parse_args().name
    if chosen is None:
        print(bench.__doc__, *(f"  make bench NAME={name}" for name in known), sep="\n")
        return
    with running() as product:
        importlib.import_module(f"bench.{chosen}").run(product)


if __name__ == "__main__":
    main()
