#!/usr/bin/python3
"""Trains the benchmark's network with PyTorch; prints one JSON line a setting, the best one last.

    ./pytorch.py --layers 54,256,256,7 --batch 8192 --rows 65536 --seconds 10

Every setting runs in a process of its own, because the BLAS library and the thread pools are chosen
when the process starts. README.md says what is measured.
"""

import argparse
import glob
import json
import multiprocessing
import os
import sys
import time

import search

HERE = os.path.abspath(__file__)
SEED = 1
LEARNING_RATE = 1e-3


def arguments():
    parser = search.parser(__doc__)
    parser.add_argument("--pieces", default="0,1024", type=search.sizes,
                        help="rows a forward and backward; 0: the batch")
    parser.add_argument("--blas", default="", help="folders with a libblas.so.3; default: Debian's")
    parser.add_argument("--only", help=argparse.SUPPRESS)  # one setting as JSON: the child's side
    return parser.parse_args()


# ---- The parent: which settings there are --------------------------------------------------------


def settings(asked):
    """What a user could choose: BLAS library, threads, workers, how threads wait, rows a piece."""
    cores = search.cores()
    pieces = [piece for piece in asked.pieces if piece < asked.batch]
    for blas in blas_folders(asked):
        one = {"blas": blas, "threads": 1, "workers": 1, "wait": "passive", "piece": 0}
        yield from ({**one, "piece": piece} for piece in pieces)
        if cores == 1:
            continue
        yield from ({**one, "piece": piece, "workers": cores} for piece in pieces)
        if "serial" not in os.path.basename(blas):
            # Two pools (OpenMP's and the library's own) spin against each other unless one sleeps.
            yield from ({**one, "threads": cores, "wait": wait} for wait in ("passive", "active"))


def kind(setting):
    """A setting of threads is PyTorch's own; a process a core needs an exchange of the user's."""
    return "one process" if setting["workers"] == 1 else f"{setting['workers']} processes"


def blas_folders(asked):
    """Debian keeps every BLAS in a folder of its own, whichever one is the default."""
    if asked.blas:
        return asked.blas.split(",")
    found = glob.glob("/usr/lib/*/openblas-*/libblas.so.3") + glob.glob("/usr/lib/*/blis-*/libblas.so.3")
    return sorted(os.path.dirname(file) for file in found) or [""]


def environment(setting):
    values = search.threads_environment(setting["threads"])
    values["OMP_WAIT_POLICY"] = setting["wait"]
    if setting["blas"]:
        path = values.get("LD_LIBRARY_PATH")
        values["LD_LIBRARY_PATH"] = setting["blas"] + (":" + path if path else "")
    return values


def measured(asked, setting, scan):
    command = [sys.executable, HERE, "--only", json.dumps(setting)]
    command += ["--seconds", str(search.seconds(asked, scan))]
    for name in ("batch", "rows", "warm_up"):
        command += ["--" + name.replace("_", "-"), str(getattr(asked, name))]
    command += ["--layers", ",".join(map(str, asked.layers))]
    return search.run(command, environment(setting))


# ---- The child: one setting ----------------------------------------------------------------------


def data(asked):
    """x (rows, inputs) standard normal; labels (rows): argmax of a fixed random linear map of x."""
    import torch

    random = torch.Generator().manual_seed(SEED)
    x = torch.randn(asked.rows, asked.layers[0], generator=random)
    teacher = torch.randn(asked.layers[0], asked.layers[-1], generator=random)
    return x, (x @ teacher).argmax(dim=1)


def network(layers):
    import torch

    torch.manual_seed(SEED)
    modules = []
    for inputs, outputs in zip(layers, layers[1:]):
        modules += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU(inplace=True)]
    return torch.nn.Sequential(*modules[:-1])


def train(asked, setting, worker, exchange):
    """A worker's share of every round; returns the timed rounds' milliseconds, losses, and seconds by the
    clock and by the processor."""
    import torch

    torch.set_num_threads(setting["threads"])
    workers = setting["workers"]
    x, labels = data(asked)
    net = network(asked.layers)
    theta = list(net.parameters())
    adam = torch.optim.Adam(theta, lr=LEARNING_RATE, foreach=True)
    batches = asked.rows // asked.batch
    first, last = worker * asked.batch // workers, (worker + 1) * asked.batch // workers
    piece = setting["piece"] or last - first
    millis, losses = [], []

    def one_round(number):
        start = (number % batches) * asked.batch
        adam.zero_grad(set_to_none=True)
        total = 0.0
        for low in range(start + first, start + last, piece):
            high = min(low + piece, start + last)
            loss = torch.nn.functional.cross_entropy(net(x[low:high]), labels[low:high], reduction="sum")
            loss = loss / asked.batch
            loss.backward()
            total += loss.item()
        exchange(worker, theta)
        adam.step()
        return total

    # Workers must do the same number of rounds: the first one says when it is enough.
    began, done = time.perf_counter(), 0
    while not exchange.finished(worker, done == asked.warm_up or passed(began) >= asked.seconds):
        one_round(done)
        done += 1
    began = now = time.perf_counter()
    cpu = time.process_time()
    while not exchange.finished(worker, now - began >= asked.seconds):
        losses.append(one_round(done + len(losses)))
        before, now = now, time.perf_counter()
        millis.append(1e3 * (now - before))
    return millis, losses, now - began, time.process_time() - cpu


def passed(began):
    return time.perf_counter() - began


class Alone:
    """One worker has nobody to exchange gradients with."""

    def __call__(self, worker, theta):
        pass

    def finished(self, worker, enough):
        return enough


class Exchange:
    """Adds the workers' gradients through shared memory; each worker then takes the same step."""

    def __init__(self, workers, parameters):
        import torch

        self.sums = torch.zeros(workers, parameters).share_memory_()
        self.stop = torch.zeros(1, dtype=torch.int32).share_memory_()
        self.barrier = multiprocessing.Barrier(workers)

    def __call__(self, worker, theta):
        import torch

        torch.cat([slot.grad.view(-1) for slot in theta], out=self.sums[worker])
        self.barrier.wait()
        gradient = self.sums.sum(dim=0)
        self.barrier.wait()  # nobody may write the next round's gradient before all have read this one
        for slot, window in zip(theta, gradient.split([slot.numel() for slot in theta])):
            slot.grad.copy_(window.view_as(slot.grad))

    def finished(self, worker, enough):
        if worker == 0:
            self.stop[0] = int(enough)
        self.barrier.wait()
        finished = bool(self.stop[0])
        self.barrier.wait()
        return finished


def one_setting(asked, setting):
    import torch

    workers = setting["workers"]
    pairs = list(zip(asked.layers, asked.layers[1:]))
    exchange = Alone() if workers == 1 else Exchange(workers, sum(i * o + o for i, o in pairs))
    others = [multiprocessing.Process(target=train, args=(asked, setting, worker, exchange), daemon=True)
              for worker in range(1, workers)]
    for other in others:
        other.start()
    millis, losses, elapsed, cpu = train(asked, setting, 0, exchange)
    for other in others:
        other.join()
    rows_per_second = len(millis) * asked.batch / elapsed
    flops = sum((4 if layer == 0 else 6) * i * o for layer, (i, o) in enumerate(pairs))
    millis.sort()
    print(json.dumps({
        "peer": "pytorch",
        "version": torch.__version__,
        "layers": asked.layers,
        "batch": asked.batch,
        "threads": setting["threads"] * workers,
        "setting": describe(setting),
        "rows_per_second": round(rows_per_second),
        "gflops": round(rows_per_second * flops / 1e9, 2),
        "round_ms": {"median": round(millis[len(millis) // 2], 3),
                     "p90": round(millis[min(len(millis) - 1, len(millis) * 9 // 10)], 3)},
        "rounds": len(millis),
        "cores_used": round(cpu * workers / elapsed, 2),
        "loss": {"first": losses[0] * workers, "last": losses[-1] * workers},
    }))


def describe(setting):
    return (f"{os.path.basename(setting['blas']) or 'default BLAS'}, "
            f"{setting['workers']} x {setting['threads']} threads, "
            f"{setting['wait']} waits, pieces of {setting['piece'] or 'a whole share'}")


if __name__ == "__main__":
    ASKED = arguments()
    if ASKED.only:
        one_setting(ASKED, json.loads(ASKED.only))
    else:
        search.search(ASKED, settings(ASKED), measured, kind)
