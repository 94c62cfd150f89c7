#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drags a slider over five levers with Perunit and asks DuckDB the same of the same ledger, loaded into typed columns: prints
the ratio of the times, and whether both say the same total.

usage: benchmark_engine.py PROGRAM WORKSPACE LEDGER.csv --duckdb NODE_FOLDER
"""
import argparse
import csv
import fractions
import json
import os
import re
import subprocess
import sys
import tempfile

DUCKDB = """const {DuckDBInstance} = require('@duckdb/node-api');
(async () => {
  const instance = await DuckDBInstance.create(':memory:', {threads: String(require('os').cpus().length)});
  const connection = await instance.connect();
  const work = JSON.parse(require('fs').readFileSync(process.argv[2], 'utf8'));
  await connection.run(work.load);
  const result = {};
  for (const [name, sql] of Object.entries(work.queries)) {
    const times = []; let rows;
    for (let i = 0; i < 5; ++i) {
      const start = process.hrtime.bigint();
      rows = await (await connection.runAndReadAll(sql)).getRows();
      times.push(Number(process.hrtime.bigint() - start) / 1e6);
    }
    times.sort((a, b) => a - b);
    result[name] = {millis: times[2], value: String(rows[0][0])};
  }
  console.log(JSON.stringify(result));
})().catch(error => { console.error(error); process.exit(1); });
"""


def price_rows(path):
    """One row a model: two bands of the standard and the batch tier."""
    models = {}
    for row in csv.DictReader(open(path, encoding="utf-8")):
        models.setdefault((row["provider"], row["recorded"]), {}).setdefault(row["tier"], []).append(row)
    for model, tiers in models.items():
        bands = tiers["standard"]
        if len(bands) > 2:
            sys.exit(f"{model} has more than two bands")
        batch = tiers["batch"] if tiers.get("batch") and tiers["batch"][0]["own"] == "1" else bands
        low, high = bands[0], bands[-1]
        threshold = int(high["above"]) if len(bands) == 2 else 2**40
        # Strictly above: the first prompt in the band is one token further.
        first = threshold + (0 if high["inclusive"] == "1" else 1)
        prices = [int(band[name]) for band in (low, high, batch[0], batch[-1]) for name in ("input", "cache_read", "output")]
        yield model, first, high["inclusive"] == "1", threshold, prices


def queries(prices):
    routed = next(p for m, _, _, _, p in prices if m == ("openai", "gpt-4o-mini"))

    def request(column, out, pin, pread, pout):
        # Prompt × 1.15, of which 30 % are read: over 1,000. Output over 1.
        return f"115*{column}*(7*{pin}+3*{pread})+1000*{out}*{pout}"

    def mixed(names):
        standard, batch = names[:3], names[3:]
        return (f"8*({request('input_tokens', 'output_tokens', *standard)})"
                f"+2*({request('input_tokens', 'output_tokens', *batch)})")
    there = mixed([f"{p}::HUGEINT" for p in (routed[:3] + routed[6:9])])
    low = mixed([f"p.{n}" for n in ("a0", "a1", "a2", "c0", "c1", "c2")])
    high = mixed([f"p.{n}" for n in ("b0", "b1", "b2", "d0", "d1", "d2")])
    reached = "(input_tokens*115 > p.threshold*100 OR (p.inclusive AND input_tokens*115 = p.threshold*100))"
    total = (f"SELECT sum(65*(CASE WHEN {reached} THEN {high} ELSE {low} END)+35*({there})) "
             "FROM l JOIN p USING (provider, model)")
    minutes = ("SELECT sum(greatest(load-45000*100,0)) FROM (SELECT date_trunc('minute', timestamp) AS m, "
               "sum(35*(input_tokens+4*output_tokens)) AS load FROM l GROUP BY m)")
    groups = total.replace("SELECT ", "SELECT workload, ", 1) + " GROUP BY workload"
    return {"total": total, "by workload": groups, "minutes": minutes}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("workspace")
    parser.add_argument("ledger")
    parser.add_argument("--duckdb", required=True, help="folder with node_modules/@duckdb/node-api")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        price_file = os.path.join(folder, "prices.csv")
        text = subprocess.run([arguments.program, arguments.workspace, price_file], stdout=subprocess.PIPE, check=True,
                              text=True).stdout
        print(text, end="")
        prices = list(price_rows(price_file))
        names = ["a0", "a1", "a2", "b0", "b1", "b2", "c0", "c1", "c2", "d0", "d1", "d2"]
        values = ",".join("('%s','%s',%d,%s,%s)" % (*m, t, str(i).lower(), ",".join(f"{x}::HUGEINT" for x in p))
                          for m, _, i, t, p in prices)
        load = (f"CREATE TABLE l AS SELECT timestamp::TIMESTAMP AS timestamp, provider, model, workload, input_tokens::BIGINT AS "
                f"input_tokens, output_tokens::BIGINT AS output_tokens FROM read_csv('{os.path.abspath(arguments.ledger)}');"
                f"CREATE TABLE p AS SELECT * FROM (VALUES {values}) AS v(provider,model,threshold,inclusive,{','.join(names)});")
        work = os.path.join(folder, "work.json")
        script = os.path.join(arguments.duckdb, "benchmark_engine_duckdb.cjs")
        json.dump({"load": load, "queries": queries(prices)}, open(work, "w", encoding="utf-8"))
        open(script, "w", encoding="utf-8").write(DUCKDB)
        peer = json.loads(subprocess.run(["node", script, work], cwd=arguments.duckdb, stdout=subprocess.PIPE, check=True,
                                         text=True).stdout)
    own = {name: float(value) for name, value in re.findall(r"(five levers|with a pool) .*?median ([0-9.]+) ms", text)}
    total = fractions.Fraction(re.search(r"five levers .* total ([0-9.]+)", text)[1])
    months = int(re.search(r"requests in ([0-9]+) months", text)[1])
    # Over 9/10 kept, 100 routed, 1,000 prompt, 10 batch, months, femto.
    expected = fractions.Fraction(int(peer["total"]["value"]) * 9, 10 * 100 * 1000 * 10 * months * 10**15)
    for name, each in peer.items():
        print(f"DuckDB {name}: {each['millis']:.1f} ms")
    print(f"five levers: {(peer['total']['millis'] + peer['by workload']['millis']) / own['five levers']:.0f} times as fast")
    print(f"with a pool: {sum(each['millis'] for each in peer.values()) / own['with a pool']:.0f} times as fast")
    print("totals differ by %.3g" % float(abs(total - expected)),
          "(rounding of outcome lines: below 1e-9)" if abs(total - expected) < fractions.Fraction(1, 10**9) else "WRONG")
    return 0 if abs(total - expected) < fractions.Fraction(1, 10**9) else 1


if __name__ == "__main__":
    sys.exit(main())
