#!/usr/bin/env python3
"""Trains the benchmark's layer sizes with Spark ML's multilayer perceptron in every setting.

    ./mlpc.py --layers 54,256,256,7 --rows 65536 --seconds 10

Prints one JSON line a setting, the best one last. Its solvers know full batches only, so a round is
one evaluation of the gradient over all rows. README.md says what is measured.
"""

import os

import search

# What Spark's launcher gives every JVM (org.apache.spark.launcher.JavaModuleOptions).
SPARK_JVM_OPTIONS = """
    -XX:+IgnoreUnrecognizedVMOptions
    --add-modules=jdk.incubator.vector
    --add-opens=java.base/java.lang=ALL-UNNAMED
    --add-opens=java.base/java.lang.invoke=ALL-UNNAMED
    --add-opens=java.base/java.lang.reflect=ALL-UNNAMED
    --add-opens=java.base/java.io=ALL-UNNAMED
    --add-opens=java.base/java.net=ALL-UNNAMED
    --add-opens=java.base/java.nio=ALL-UNNAMED
    --add-opens=java.base/java.util=ALL-UNNAMED
    --add-opens=java.base/java.util.concurrent=ALL-UNNAMED
    --add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED
    --add-opens=java.base/jdk.internal.ref=ALL-UNNAMED
    --add-opens=java.base/sun.nio.ch=ALL-UNNAMED
    --add-opens=java.base/sun.nio.cs=ALL-UNNAMED
    --add-opens=java.base/sun.security.action=ALL-UNNAMED
    --add-opens=java.base/sun.util.calendar=ALL-UNNAMED
    --add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED
    -Djdk.reflect.useDirectMethodHandle=false
    -Dio.netty.tryReflectionSetAccessible=true
    --enable-native-access=ALL-UNNAMED
""".split()


def arguments():
    parser = search.parser(__doc__)
    parser.add_argument("--solvers", default="l-bfgs", help="l-bfgs, gd or both: an"
                        " evaluation is the same work, so both would double the search for nothing")
    parser.add_argument("--blocks", default="128,512,1024,4096", help="rows a block")
    parser.add_argument("--blas", default="system,jvm", help="system: the machine's libblas.so.3"
                        " through netlib; jvm: netlib's VectorBLAS")
    parser.add_argument("--scan-rows", default=8192, type=int, help="of the table in the search")
    parser.add_argument("--heap", default="6g", help="of the JVM")
    return parser.parse_args()


def settings(asked):
    for blas in asked.blas.split(","):
        for solver in asked.solvers.split(","):
            for block in search.sizes(asked.blocks):
                yield {"blas": blas, "solver": solver, "block": block}


def measured(asked, setting, scan):
    # A task is one core: a threaded BLAS would fight with the other task.
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
                   "SPARK_LOCAL_IP": "127.0.0.1"}
    options = [f"-Xmx{asked.heap}", *SPARK_JVM_OPTIONS]
    if setting["blas"] == "jvm":  # no such library, so Spark takes the one in the JVM
        options.append("-Ddev.ludovic.netlib.blas.nativeLib=none")
    rows = min(asked.rows, asked.scan_rows) if scan else asked.rows
    return search.java("mlpc", options, environment, "Mlpc", [
        ",".join(map(str, asked.layers)), rows, search.cores(), search.seconds(asked, scan),
        setting["solver"], setting["block"]])


if __name__ == "__main__":
    ASKED = arguments()
    search.build("mlpc")
    search.search(ASKED, settings(ASKED), measured, lambda setting: setting["blas"] + " BLAS")
