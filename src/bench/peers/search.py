"""What the three peers share: their options, their processes, and the search for the best setting."""

import argparse
import json
import os
import subprocess
import sys

FOLDER = os.path.dirname(os.path.abspath(__file__))


def parser(documentation):
    """The options that every peer has."""
    made = argparse.ArgumentParser(description=documentation.split("\n")[0])
    made.add_argument("--layers", default="54,256,256,7", type=sizes)
    made.add_argument("--batch", default=8192, type=int)
    made.add_argument("--rows", default=65536, type=int)
    made.add_argument("--warm-up", default=10, type=int, help="rounds before the clock starts")
    made.add_argument("--seconds", default=10.0, type=float, help="of timed rounds")
    made.add_argument("--scan-seconds", default=2.0, type=float, help="of rounds of every setting")
    made.add_argument("--finalists", default=2, type=int,
                      help="settings of a kind that run for --seconds")
    return made


def seconds(asked, scan):
    return asked.scan_seconds if scan else asked.seconds


def sizes(text):
    return [int(size) for size in text.split(",")]


def cores():
    return len(os.sched_getaffinity(0))


def search(asked, settings, measured, kind=lambda setting: ""):
    """Every setting for a short time, the fastest few of a kind again for the full time, the best of those.

    measured(asked, setting, scan) is one line as a dict, or None when the setting does not run; scan
    says which of the two it is for. kind(setting) names what a user would have set up.
    """
    if asked.rows < asked.batch:
        sys.exit(f"rows must be at least the batch, however: {asked.rows} < {asked.batch}")
    scanned = _attempts(asked, settings, measured, scan=True)
    if not scanned:
        sys.exit("a setting must run, however: none did")
    for one in dict.fromkeys(kind(setting) for _, setting in scanned):
        finalists = [setting for _, setting in scanned if kind(setting) == one][: asked.finalists]
        finals = _attempts(asked, finalists, measured, scan=False)
        if finals:
            print(json.dumps({**finals[0][0], "kind": one, "best": True}), flush=True)


def _attempts(asked, settings, measured, scan):
    """(line, setting) of those that ran, the fastest first."""
    pairs = []
    for setting in settings:
        line = measured(asked, setting, scan)
        if line is None:
            print(f"a setting must run, however: {setting} failed", file=sys.stderr)
            continue
        print(json.dumps({**line, "best": False}), flush=True)
        pairs.append((line, setting))
    return sorted(pairs, key=lambda pair: -pair[0]["rows_per_second"])


def run(command, environment):
    """The JSON line that a command prints last, or None when it fails; its stderr is ours."""
    ran = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True)
    return json.loads(ran.stdout.splitlines()[-1]) if ran.returncode == 0 else None


def threads_environment(threads):
    values = dict(os.environ)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS", "MKL_NUM_THREADS"):
        values[name] = str(threads)
    # Else glibc gives each freed activation back to the system, and the next round faults it in.
    values["MALLOC_MMAP_THRESHOLD_"] = values["MALLOC_TRIM_THRESHOLD_"] = str(1 << 32)
    return values


def build(project):
    """Compiles a peer's Maven project; its class path is target/classes and target/lib."""
    pom = os.path.join(FOLDER, project, "pom.xml")
    built = subprocess.run(["mvn", "-B", "-q", "-f", pom, "process-classes"], stdout=sys.stderr)
    if built.returncode != 0:
        sys.exit(f"{project} must build, however: mvn failed, see above")


def java(project, options, environment, main, arguments):
    home = os.environ.get("JAVA_HOME")
    target = os.path.join(FOLDER, project, "target")
    path = f"{target}/classes:{target}/lib/*"
    command = [os.path.join(home, "bin", "java") if home else "java", *options, "-cp", path, main]
    return run(command + [str(argument) for argument in arguments], environment)
