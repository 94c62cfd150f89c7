#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports one generated ledger with Perunit, sqlite3 and, where it is installed, DuckDB: in turn, round by round, so that a
busy machine is busy for all of them. Prints medians and the ratios to Perunit, pair by pair, and for the largest ledger which
bars are reached.

usage: benchmark_import.py PROGRAM FOLDER [ROWS ...] [--rounds N] [--duckdb NODE_FOLDER]
"""
import argparse
import os
import re
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


def open_workspace(program, path, cold):
    """Seconds to the first exact total, anonymous bytes a row and processor seconds. Cold: nothing of the file is in memory."""
    if cold:
        file = os.open(path, os.O_RDONLY)
        os.fsync(file)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)
    text = subprocess.run([program, "open", path], stdout=subprocess.PIPE, check=True, text=True).stdout
    return tuple(float(re.search(pattern, text)[1]) for pattern in (r"open ([0-9.]+) s", r"([0-9.]+) bytes a row",
                                                                     r"cpu ([0-9.]+) s"))


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
    opened = {"cold": [], "warm": []}
    with open(ledger, "rb") as file:  # the first to read it must not be the only one that waits for the disk
        while file.read(1 << 24):
            pass
    for _ in range(arguments.rounds):
        for name, (path, command, cwd) in programs.items():
            remove(path)
            os.sync()
            results[name].append(run(command, cwd))
            sizes[name] = size_of(path)
            if name == "perunit":
                # Cold first: the bytes just written are in memory otherwise. Each a few times, the import takes longer.
                for how in ("cold", "warm"):
                    opened[how] += [open_workspace(arguments.program, path, how == "cold") for _ in range(3)]
            remove(path)
    own = results["perunit"]
    found = {"rows": rows, "own_wall": statistics.median(v[0] for v in own),
             "own_cpu": statistics.median(v[1] for v in own)}
    print(f"\n{rows} rows, {os.path.getsize(ledger) / 1e6:.0f} MB of text, medians of {arguments.rounds}")
    for name, values in results.items():
        wall, cpu, memory = (statistics.median(v[i] for v in values) for i in range(3))
        more_wall = statistics.median(v[0] / o[0] for v, o in zip(values, own))
        more_cpu = statistics.median(v[1] / o[1] for v, o in zip(values, own))
        found[name] = {"wall": more_wall, "cpu": more_cpu, "memory": memory, "stored": sizes[name] / rows}
        print(f"{name:8} wall {wall:8.3f} s  x{more_wall:5.2f}   cpu {cpu:8.3f} s  x{more_cpu:5.2f}   "
              f"peak {memory:6.0f} MB = {memory * 1048576 / rows:5.1f} B a row   "
              f"stored {sizes[name] / rows:6.2f} B a row")
    for how, values in opened.items():
        found[how] = statistics.median(v[0] for v in values)
    found["resident"] = statistics.median(v[1] for v in opened["warm"])
    print(f"opening  warm {found['warm']:8.3f} s   cold {found['cold']:8.3f} s   "
          f"cpu {statistics.median(v[2] for v in opened['warm']):8.3f} s   "
          f"in memory {found['resident']:5.1f} B a row")
    return found


def bars(large, small):
    """What spec and README ask of ledgers of ten million rows, and what was measured."""
    result = []

    def bar(what, value, limit, unit="", least=False):
        reached = value >= limit if least else value <= limit
        result.append((what, f"{value:.2f}{unit}", f"{'>=' if least else '<='} {limit:g}{unit}",
                       "PASS" if reached else "MISS"))

    own = large["perunit"]
    if "sqlite3" in large:
        bar("G1 import, times as fast as sqlite3", large["sqlite3"]["wall"], 4, "x", least=True)
    if "duckdb" in large:
        bar("G2 import, times as fast as DuckDB", large["duckdb"]["wall"], 1.5, "x", least=True)
        bar("G2 import, DuckDB's processor time to ours", large["duckdb"]["cpu"], 2, "x", least=True)
    bar("G8 opening to the first exact total, warm", large["warm"], 0.5, " s")
    bar("G8 the same, cold", large["cold"], 2, " s")
    bar("G9 peak memory of the import over 64 MB", (own["memory"] - 64) * 1048576 / large["rows"], 64, " B a row")
    bar("G10 in memory after opening", large["resident"], 48, " B a row")
    bar("G11 stored", own["stored"], 32, " B a row")
    if "duckdb" in large:
        bar("G11 stored, of DuckDB's file", own["stored"] / large["duckdb"]["stored"], 0.9, "x")
    if small and large["rows"] == 10 * small["rows"]:
        bar("G12 ten times the rows, import takes", large["own_wall"] / small["own_wall"], 12, "x")
    if large["rows"] >= 50_000_000:
        bar("G17 import of 50 million rows", large["own_wall"] * 50_000_000 / large["rows"], 60, " s")
    return result


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
    for a, b in zip(measured, measured[1:]):
        print(f"\n{a['rows']} -> {b['rows']} rows: wall x{b['own_wall'] / a['own_wall']:.1f}, "
              f"cpu x{b['own_cpu'] / a['own_cpu']:.1f}")
    print(f"\nBars at {measured[-1]['rows']} rows (set for ten million)\n\n| bar | measured | asked | |\n|---|---|---|---|")
    for row in bars(measured[-1], measured[-2] if len(measured) > 1 else None):
        print("| " + " | ".join(row) + " |")


main()
