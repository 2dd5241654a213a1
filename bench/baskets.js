// All pairs of products to DuckDB, which reads its own table of the lines, and to basket_pairs(), in turns.
//
//   NODE_PATH=.../node_modules node baskets.js LINES.csv ROUNDS
const { execFileSync } = require('node:child_process');
const { DuckDBInstance, version } = require('@duckdb/node-api');

const [file, rounds] = process.argv.slice(2);
const psql = (command) => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-c', command], { encoding: 'utf8' });

const ours = `SELECT count(*) / 2 AS pairs, (sum(baskets_with_both) / 2)::bigint AS baskets
  FROM (SELECT basket_agg(order_id, product) AS b FROM some_lines) s, basket_pairs(b, 5, 65535)`;
const theirs = `WITH one AS MATERIALIZED (SELECT DISTINCT order_id, product FROM lines)
  SELECT count(*) AS pairs, sum(n) AS baskets FROM (SELECT count(*) AS n FROM one a JOIN one b USING (order_id)
    WHERE a.product < b.product GROUP BY a.product, b.product HAVING count(*) >= 5)`;

async function main() {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
  await connection.run(`CREATE TABLE lines AS FROM read_csv('${file}', header = false, columns = {order_id: 'INTEGER', product: 'INTEGER'})`);
  const answer = (await connection.runAndReadAll(theirs)).getRows()[0].join('|');
  if (answer !== psql(ours).trim()) throw new Error(`DuckDB answers ${answer}`);
  for (let round = 0; round < rounds; round++) {
    psql(`CALL bench.run('DuckDB: pairs of a tenth', false, 'ours', $$${ours}$$)`);
    const start = performance.now();
    await connection.run(theirs);
    psql(`INSERT INTO bench.runs VALUES ('DuckDB: pairs of a tenth', false, 'peer', ${performance.now() - start})`);
  }
  console.log(`DuckDB ${version()} on two threads, ours in one process: ${psql(`SELECT ours_ms || ' ms, DuckDB ' || peer_ms || ' ms, ratio ' || ratio FROM bench.figures WHERE work = 'DuckDB: pairs of a tenth'`)}`);
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
