#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports one generated ledger with Perunit, sqlite3 and, where it is installed, DuckDB: in turn, round by round, so that a
busy machine is busy for all of them. Prints medians and the ratios to Perunit, pair by pair.

usage: benchmark_import.py PROGRAM FOLDER [ROWS ...] [--rounds N] [--duckdb NODE_FOLDER]
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time

COLUMNS = ["timestamp TIMESTAMP", "provider TEXT", "model TEXT", "workload TEXT", "environment TEXT", "team TEXT",
           "region TEXT", "conversation_id TEXT", "request_id TEXT", "input_tokens BIGINT",
           "cached_input_tokens BIGINT", "output_tokens BIGINT", "latency_ms BIGINT", "status INTEGER",
           "cost_usd DECIMAL(18,9)", "tags TEXT"]
DUCKDB = """const {DuckDBInstance} = require('@duckdb/node-api');
(async () => {
  const instance = await DuckDBInstance.create(process.argv[2], {threads: String(require('os').cpus().length)});
  const connection = await instance.connect();
  await connection.run(process.argv[3]);
  await connection.run('CHECKPOINT');
  connection.closeSync(); instance.closeSync();
})().catch(error => { console.error(error); process.exit(1); });
"""


def remove(path):
    for suffix in ("", "-wal", "-shm", "-journal", ".wal"):
        if os.path.exists(path + suffix):
            os.remove(path + suffix)


def size_of(path):
    return sum(os.path.getsize(path + s) for s in ("", "-wal", ".wal") if os.path.exists(path + s))


def run(command, cwd=None):
    """Wall and CPU seconds, peak memory in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    wall = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{command[0]} failed: {error.decode(errors='replace')[-500:]}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def contenders(arguments, ledger):
    path = os.path.join(arguments.folder, "import")
    result = {"perunit": (path + ".perunit", [arguments.program, "import", ledger, path + ".perunit"], None)}
    if shutil.which("sqlite3"):
        types = ",".join(c.replace("TIMESTAMP", "TEXT").replace("BIGINT", "INTEGER").replace("DECIMAL(18,9)", "REAL")
                         for c in COLUMNS)
        result["sqlite3"] = (path + ".db", ["sqlite3", path + ".db", "-cmd",
                                            f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; CREATE TABLE l({types});",
                                            "-cmd", ".mode csv", f".import --skip 1 '{ledger}' l"], None)
    else:
        print("sqlite3 is not installed: apt-get install sqlite3")
    if arguments.duckdb and os.path.isdir(os.path.join(arguments.duckdb, "node_modules", "@duckdb", "node-api")):
        script = os.path.join(arguments.duckdb, "benchmark_import_duckdb.cjs")
        with open(script, "w", encoding="utf-8") as file:
            file.write(DUCKDB)
        types = ",".join("'%s':'%s'" % tuple(c.split(" ", 1)) for c in COLUMNS)
        sql = f"CREATE TABLE l AS SELECT * FROM read_csv('{ledger}', header=true, columns={{{types}}})"
        result["duckdb"] = (path + ".duckdb", ["node", script, path + ".duckdb", sql], arguments.duckdb)
    else:
        print("DuckDB is not there: npm install @duckdb/node-api in a folder of its own, and name it with --duckdb")
    return result


def measure(arguments, rows):
    ledger = os.path.abspath(os.path.join(arguments.folder, f"ledger-{rows}.csv"))
    if not os.path.exists(ledger):
        run([arguments.program, "generate", str(rows), ledger])
    programs = contenders(arguments, ledger)
    results = {name: [] for name in programs}
    sizes = {}
    opened = []
    for _ in range(arguments.rounds):
        for name, (path, command, cwd) in programs.items():
            remove(path)
            os.sync()
            results[name].append(run(command, cwd))
            sizes[name] = size_of(path)
            if name == "perunit":
                opened.append(run([arguments.program, "open", path]))
            remove(path)
    own = results["perunit"]
    print(f"\n{rows} rows, {os.path.getsize(ledger) / 1e6:.0f} MB of text, medians of {arguments.rounds}")
    for name, values in results.items():
        wall, cpu, memory = (statistics.median(v[i] for v in values) for i in range(3))
        more_wall = statistics.median(v[0] / o[0] for v, o in zip(values, own))
        more_cpu = statistics.median(v[1] / o[1] for v, o in zip(values, own))
        print(f"{name:8} wall {wall:8.3f} s  x{more_wall:5.2f}   cpu {cpu:8.3f} s  x{more_cpu:5.2f}   "
              f"peak {memory:6.0f} MB = {memory * 1048576 / rows:5.1f} B a row   "
              f"stored {sizes[name] / rows:6.2f} B a row")
    print(f"opening  wall {statistics.median(v[0] for v in opened):8.3f} s   "
          f"cpu {statistics.median(v[1] for v in opened):8.3f} s")
    return statistics.median(v[0] for v in own), statistics.median(v[1] for v in own)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="build/release/tests/benchmark_ledger")
    parser.add_argument("folder", help="for ledgers and workspaces; 5 GB for ten million rows")
    parser.add_argument("rows", nargs="*", type=int, default=[1_000_000, 10_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--duckdb", help="folder with node_modules/@duckdb/node-api")
    arguments = parser.parse_args()
    arguments.program = os.path.abspath(arguments.program)
    arguments.folder = os.path.abspath(arguments.folder)
    os.makedirs(arguments.folder, exist_ok=True)
    measured = [measure(arguments, rows) for rows in arguments.rows]
    for before, after, a, b in zip(arguments.rows, arguments.rows[1:], measured, measured[1:]):
        print(f"\n{before} -> {after} rows: wall x{b[0] / a[0]:.1f}, cpu x{b[1] / a[1]:.1f}")


main()
