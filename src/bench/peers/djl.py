#!/usr/bin/env python3
"""Trains the benchmark's network with DJL on PyTorch in every setting.

    ./djl.py --layers 54,256,256,7 --batch 8192 --rows 65536 --seconds 10

Prints one JSON line a setting, the best one last. README.md says what is measured.
"""

import search


def arguments():
    parser = search.parser(__doc__)
    parser.add_argument("--pieces", default="0,1024", type=search.sizes,
                        help="rows a forward and backward; 0: the batch")
    return parser.parse_args()


def settings(asked):
    cores = search.cores()
    yield from ({"threads": 1, "wait": "passive", "piece": piece}
                for piece in asked.pieces if piece < asked.batch)
    if cores > 1:
        yield from ({"threads": cores, "wait": wait, "piece": 0} for wait in ("passive", "active"))


def measured(asked, setting, scan):
    threads = setting["threads"]
    options = [f"-Dai.djl.pytorch.num_threads={threads}",
               f"-Dai.djl.pytorch.num_interop_threads={threads}",
               "-Dai.djl.offline=true",
               "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"]
    environment = {**search.threads_environment(threads), "OMP_WAIT_POLICY": setting["wait"]}
    return search.java("djl", options, environment, "Djl", [
        ",".join(map(str, asked.layers)), asked.batch, asked.rows, asked.warm_up,
        search.seconds(asked, scan), setting["piece"]])


if __name__ == "__main__":
    ASKED = arguments()
    search.build("djl")
    search.search(ASKED, settings(ASKED), measured)
