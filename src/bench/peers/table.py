#!/usr/bin/env python3
"""Reads the peers' JSON lines on stdin and prints a table: ./table.py < peers.jsonl

    ./table.py --adopt REPORT LAYERS BATCH THREADS    makes a line of Lakeprop's own report
"""

import json
import sys

HEADINGS = ("layers", "batch", "peer", "threads", "rows/s", "GFLOP/s", "ms a round", "p90", "cores",
            "best setting")


def adopted(report, layers, batch, threads):
    """Lakeprop's report as a line like the others'."""
    line = {"peer": "lakeprop", "layers": [int(size) for size in layers.split(",")],
            "batch": int(batch), "threads": int(threads), **report, "best": True}
    times = {"median": report["round_ms"]["total"], "p90": report["round_ms_p90"]["total"]}
    return {**line, "round_ms": {**report["round_ms"], **times},
            "setting": f"{report['kernel']}, {report['rounds']}"}


def cells(line):
    millis = line["round_ms"]
    return (",".join(map(str, line["layers"])), line["batch"],
            ", ".join(filter(None, (line["peer"], line.get("kind")))), line["threads"],
            f"{line['rows_per_second']:,.0f}", f"{line['gflops']:.1f}", f"{millis['median']:.1f}",
            f"{millis['p90']:.1f}" if "p90" in millis else "", line.get("cores_used", ""),
            line["setting"])


def table(lines):
    rows = [HEADINGS] + [tuple(map(str, cells(line))) for line in lines if line["best"]]
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        print("  ".join(cell.ljust(width) if heading in ("layers", "peer", "best setting")
                        else cell.rjust(width)
                        for heading, cell, width in zip(HEADINGS, row, widths)).rstrip())


if __name__ == "__main__":
    if sys.argv[1:2] == ["--adopt"]:
        with open(sys.argv[2], encoding="utf-8") as file:
            print(json.dumps(adopted(json.load(file), *sys.argv[3:])))
    else:
        table([json.loads(line) for line in sys.stdin if line.strip()])
