// The questions of questions.sql to DuckDB, which reads its own table of the orders, and to a workspace, in turns.
// What both answer has to be alike. Times go to bench.runs, where ours are.
//
//   NODE_PATH=.../node_modules node duckdb.js ORDERS.csv ROUNDS
const { execFileSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { DuckDBInstance, version } = require('@duckdb/node-api');

const [file, rounds] = process.argv.slice(2);
const psql = (command) => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-c', command], { encoding: 'utf8' });
const literal = (text) => `'${text.replaceAll("'", "''")}'`;

function questions() {
  const sections = readFileSync(join(__dirname, 'questions.sql'), 'utf8').split(/^-- question: /m).slice(1);
  return sections.map((section) => {
    const [name, ours, theirs, alike] = section.split(/\n-- (?:ours|DuckDB|alike)\n/);
    return { name, ours: statement(ours), theirs: statement(theirs), alike: statement(alike) };
  });
}

const statement = (text) => text.trim().replace(/;$/, '');

async function load() {
  const connection = await (await DuckDBInstance.create(`${file}.duckdb`, { threads: '2' })).connect();
  await connection.run(`CREATE TABLE orders AS FROM read_csv(${literal(file)}, header = false,
    columns = {customer: 'INTEGER', day: 'DATE', amount: 'DECIMAL(12,2)'})`);
  return connection;
}

async function compare(connection, { name, ours, theirs, alike }) {
  const work = literal(`DuckDB: ${name}`);
  await assertAlike(connection, name, `WITH answer AS (${ours}) ${alike}`, `WITH answer AS (${theirs}) ${alike}`);
  for (let round = 0; round < rounds; round++) {
    psql(`CALL bench.run(${work}, false, 'ours', ${literal(ours)})`);
    const start = performance.now();
    await connection.run(theirs);
    psql(`INSERT INTO bench.runs VALUES (${work}, false, 'peer', ${performance.now() - start})`);
  }
}

// The first round, which does not count
async function assertAlike(connection, name, ours, theirs) {
  const rows = (await connection.runAndReadAll(theirs)).getRows();
  const lines = rows.map((row) => row.map((value) => value ?? '').join('|'));
  if (lines.sort().join('\n') !== psql(ours).trimEnd().split('\n').sort().join('\n')) {
    throw new Error(`${name}: DuckDB answers something else`);
  }
}

async function main() {
  const connection = await load();
  console.log(`DuckDB ${version()} on two threads`);
  for (const question of questions()) await compare(connection, question);
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
