"""What the whole product, Kafka aside, costs while nothing happens: resident memory and CPU."""

import time

import psutil

from bench.product import Product

SECONDS = 60
MEMORY_LIMIT = 1.2 * 1024  # MiB
ASIDE = {"kafka"}


def run(product: Product) -> None:
    pids = product.page["pids"]
    groups = {
        name: [process, *process.children(recursive=True)]
        for name, pid in pids.items()
        if name not in ASIDE
        for process in [psutil.Process(pid)]
    }
    supervisor = psutil.Process(pids["web"]).parent()
    groups["supervisor"] = [
        process for process in (supervisor, supervisor and supervisor.parent()) if process
    ]
    before = {name: _cpu(group) for name, group in groups.items()}
    time.sleep(SECONDS)
    memory, load = 0.0, 0.0
    for name, group in groups.items():
        resident = sum(process.memory_info().rss for process in group) / 1024**2
        share = (_cpu(group) - before[name]) / SECONDS * 100
        print(f"{name:<14} {resident:7.0f} MiB  {share:5.2f} % of a core  ({len(group)} processes)")
        memory, load = memory + resident, load + share
    print(f"{'all':<14} {memory:7.0f} MiB  {load:5.2f} % of a core over {SECONDS} s")
    print(f"ratio of the memory to the limit of 1.2 GiB: {memory / MEMORY_LIMIT:.2f}")


def _cpu(group: list[psutil.Process]) -> float:
    """Seconds of CPU that these processes have used."""
    return sum(sum(process.cpu_times()[:2]) for process in group)
