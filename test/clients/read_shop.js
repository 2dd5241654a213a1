// What node-postgres makes of a workspace and of our types; prints TAP. test/client_node.t runs it on the shop of
// shop.sql.
'use strict'

const assert = require('assert')
const { Client, types } = require('pg')
const { version } = require('pg/package.json')

const NATURAL = {
  int4: 'number', int8: 'string', numeric: 'string', float8: 'number', text: 'string', bool: 'boolean',
  date: 'Date', timestamptz: 'Date',
}
const NUMBERS = ['int4', 'int8', 'numeric', 'float8']
let count = 0

// A line of TAP: passed where there are no problems.
function ok(name, problems = []) {
  count++
  console.log(`${problems.length ? 'not ok' : 'ok'} ${count} - ${name}`)
  for (const problem of problems) console.log('# ' + String(problem).slice(0, 400).replace(/\n/g, '\n# '))
}

function skip(name, reason) {
  count++
  console.log(`ok ${count} - ${name} # SKIP ${reason}`)
}

function same(found, expected) {
  try {
    assert.deepStrictEqual(found, expected)
    return []
  } catch (error) {
    return [error.message]
  }
}

async function tell(client, text, ...values) {
  const { rows } = await client.query({ text, values, rowMode: 'array' })
  return rows
}

async function names(client, text) {
  return (await tell(client, text)).map((row) => row[0]).sort()
}

const identifier = (name) => Client.prototype.escapeIdentifier(name)

// --- The views ---

async function checkMetadata(client) {
  const sqlViews = await names(client, 'SELECT view_name FROM told.sql_views')
  const expected = (await names(client, 'SELECT view_name FROM told.views')).concat(sqlViews).sort()
  const found = await names(client, "SELECT table_name FROM information_schema.views WHERE table_schema = 'shop'")
  ok('information_schema lists every view', same(found, expected))
  const opaque = []
  for (const view of found) if ((await opaqueColumns(client, view)).length) opaque.push(view)
  ok('only the views for SQL have columns of types that node-postgres does not know', opaque.filter((view) => !sqlViews.includes(view)))
}

async function opaqueColumns(client, view) {
  const { fields } = await client.query(`SELECT * FROM shop.${identifier(view)} LIMIT 0`)
  return fields.filter((field) => !Object.values(types.builtins).includes(field.dataTypeID))
}

// In text only: in binary, node-postgres knows no dates, and gives numbers of other types.
async function checkViews(client) {
  for (const view of await names(client, 'SELECT view_name FROM told.views')) {
    let problems
    try {
      const { rows } = await client.query(`SELECT * FROM shop.${identifier(view)}`)
      problems = await viewProblems(client, view, rows)
    } catch (error) {
      problems = [error]
    }
    ok(`${view} has the rows, values and sums that SQL says`, problems)
  }
}

async function viewProblems(client, view, rows) {
  const told = await tell(client,
    'SELECT column_name, type, row_count, value_count, total FROM told.columns WHERE view_name = $1', view)
  const problems = same(Object.keys(rows[0] || {}).sort(), told.map((column) => column[0]).sort())
  for (const [name, type, rowCount, valueCount, total] of told) {
    const values = rows.map((row) => row[name]).filter((value) => value !== null)
    if (rows.length !== Number(rowCount) || values.length !== Number(valueCount))
      problems.push(`${name}: ${values.length} values in ${rows.length} rows, not ${valueCount} in ${rowCount}`)
    const wrong = values.filter((value) => !presentable(value, type))
    for (const value of wrong.slice(0, 3)) problems.push(`${name}: ${value} as ${type}`)
    if (total !== null && !wrong.length && !sameSum(values, total, type))
      problems.push(`${name}: the sum is not ${total}`)
  }
  return problems
}

function presentable(value, type) {
  if (NATURAL[type] === 'Date') return value instanceof Date && value.getFullYear() >= 1 && value.getFullYear() <= 9999
  return typeof value === NATURAL[type] && (!NUMBERS.includes(type) || Number.isFinite(Number(value)))
}

// Floating point depends on the order of rows in its last digits.
function sameSum(values, total, type) {
  if (type !== 'float8') return values.map(scaled).reduce((sum, value) => sum + value, 0n) === scaled(total)
  const sum = values.reduce((part, value) => part + value, 0)
  return Math.abs(sum - Number(total)) <= 1e-9 * Math.max(1, Math.abs(total))
}

// A decimal number in units of its fortieth decimal
function scaled(decimal) {
  const [whole, fraction = ''] = String(decimal).split('.')
  return BigInt(whole + fraction.padEnd(40, '0'))
}

async function checkPrepared(client) {
  const text = 'SELECT * FROM shop.customers WHERE customer >= $1 ORDER BY customer'
  const query = { name: 'customers', text, values: [10] }
  const results = []
  for (let run = 1; run <= 8; run++) results.push((await client.query({ ...query })).rows)
  const prepared = await names(client, 'SELECT name FROM pg_prepared_statements')
  ok('a named query is a prepared one', same(prepared, ['customers']))
  const problems = results[0].length ? [] : ['there are no rows']
  for (const rows of results) problems.push(...same(rows, results[0]))
  ok('... and the rows of its eighth run are those of the first', problems)
}

// --- Our types ---

async function checkSpecimens(client, wholeBytes) {
  ok('every type has a specimen', await names(client, 'SELECT type FROM told.types_without_specimen'))
  for (const [name, text] of await tell(client, 'SELECT type, value FROM told.specimens ORDER BY number')) {
    const title = `${name} ${text.slice(0, 60)}`
    ok(`text: ${title} is read and written back`, await textProblems(client, name, text))
    const [[oid, bytes]] = await tell(client, `SELECT '${name}'::regtype::oid, _clientele.${name}_send($1::${name})`, text)
    ok(`binary: ${title} is written`, await writeProblems(client, name, text, bytes))
    if (wholeBytes || bytes.every((byte) => byte < 128))
      ok(`... and read as the same bytes`, await readProblems(client, name, text, oid, bytes))
    else skip(`... and read as the same bytes`, NOT_WHOLE)
  }
}

async function textProblems(client, name, text) {
  const [[value]] = await tell(client, `SELECT $1::${name}`, text)
  return same([value, ...(await tell(client, `SELECT $1::${name} = $2::${name}`, value, text))], [text, [true]])
}

// node-postgres sends a Buffer in binary.
async function writeProblems(client, name, text, bytes) {
  return same(await tell(client, `SELECT $1::${name} = $2::${name}`, bytes, text), [[true]])
}

async function readProblems(client, name, text, oid, bytes) {
  types.setTypeParser(oid, 'binary', (value) => value)
  const { rows } = await client.query({ text: `SELECT $1::${name} AS value`, values: [text], binary: true })
  return same(rows, [{ value: bytes }])
}

// As docs/bi.md shows it: promoters, passives and detractors.
async function checkRegistered(client) {
  const [[oid]] = await tell(client, "SELECT 'nps'::regtype::oid")
  types.setTypeParser(oid, (value) => value.slice(1, -1).split(',').map(Number))
  ok('a registered type arrives parsed', same(await tell(client, "SELECT nps '(5,3,2)'"), [[[5, 3, 2]]]))
}

// --- Errors ---

async function checkFailures(client) {
  const failures = await tell(client, 'SELECT statement, sqlstate, message, hint FROM told.failures')
  for (const [statement, ...expected] of failures) {
    let said = []
    await client.query(statement).catch((error) => { said = [error.code, error.message, error.hint] })
    ok(`${statement}: ${expected[0]} and its hint arrive`, same(said, expected))
  }
}

// Versions of node-postgres read binary results as UTF-8, which replaces bytes from 128 on.
const NOT_WHOLE = `pg ${version} damages binary results`

async function readsWholeBytes(client) {
  types.setTypeParser(types.builtins.BYTEA, 'binary', (value) => value)
  const sent = Buffer.from([0, 200, 255, 128])
  const { rows } = await client.query({ text: 'SELECT $1::bytea AS value', values: [sent], binary: true })
  return rows[0].value.equals(sent)
}

async function main() {
  const client = new Client()
  await client.connect()
  console.log(`# node-postgres ${version}, node ${process.version}`)
  const wholeBytes = await readsWholeBytes(client)
  await checkMetadata(client)
  await checkViews(client)
  await checkPrepared(client)
  await checkSpecimens(client, wholeBytes)
  await checkRegistered(client)
  await checkFailures(client)
  await client.end()
  console.log(`1..${count}`)
}

main()
