#!/usr/bin/perl
# Replays docs/transcripts/*.md on the data of others, as a new user would go through them, and compares what the
# workspaces say with published figures and with plain SQL. With --write it puts the examples' output into the documents
# instead; run it in a database that has the extension, with CLIENTELE_DATA in the environment. Names of transcripts as
# arguments choose some of them.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/include";
use Examples qw($root slurp run_file run_sql check is_result run_examples finish);

my $write = grep { $_ eq '--write' } @ARGV;
my @names = grep { $_ ne '--write' } @ARGV;
my $data = $ENV{CLIENTELE_DATA};
unless ($data)
{
	print "1..0 # SKIP no real data: the folder ../shared/data is absent\n";
	exit 0;
}
$ENV{PGOPTIONS} .= ' -c extra_float_digits=-10 -c client_min_messages=warning';

# --- The tables, as they come ---

sub loads
{
	my ($name, $status, $result) = @_;
	check("$name loads", $status == 0, substr $result, 0, 2000);
}

# A dump without its settings, some of which later servers do not know.
sub load_dump
{
	my ($schema) = @_;
	(my $dump = slurp("$data/$schema/$schema.sql")) =~ s/^SET .*\n//mg;
	loads($schema, run_sql("CREATE SCHEMA $schema;\nSET search_path = $schema;\n$dump"));
}

sub load_purchases
{
	loads('cdnow and online_retail', run_file("$root/test/include/real_orders.sql", "-v data='$data'"));
	run_sql('DROP VIEW retail_invoices'); # the transcript makes one of its own
}

# --- What is asserted beside the transcript ---

# Queries over the workspace, and what they have to give: a row of published figures or, after =, a query over the tables.
my $totals = q{(SELECT customer_id, round(sum(unit_price::numeric * quantity * (1 - discount::numeric)), 2) AS total
	FROM northwind.orders JOIN northwind.order_details USING (order_id) GROUP BY order_id)};
my $invoices = q{(SELECT invoice_no, customer_id, sum(quantity * unit_price) AS amount FROM online_retail GROUP BY 1, 2)};
my %figures = (
	northwind => [
		['830 orders of 89 customers', 'SELECT sum(orders), count(*) FROM loyalty.customers', '830|89'],
		['2155 lines, of 91 customers in all', 'SELECT (SELECT count(*) FROM northwind.order_details), count(*) FROM loyalty.customer_details', '2155|91'],
		['revenue of the lines as published', q{SELECT round(sum(unit_price::numeric * quantity * (1 - discount::numeric)), 2)
			FROM northwind.order_details}, '1265793.04'],
		['revenue is that of the orders, to the cent each', 'SELECT sum(revenue) FROM loyalty.overview', qq{= SELECT sum(total) FROM $totals t}],
		['orders of each quarter', 'SELECT period_start, orders FROM loyalty.overview',
			q{= SELECT date_trunc('quarter', order_date)::date, count(*) FROM northwind.orders GROUP BY 1}],
		['revenue of each country', q{SELECT value, sum(revenue) FROM loyalty.customers JOIN loyalty.customer_dimensions USING (customer)
			WHERE dimension = 'country' GROUP BY 1},
			qq{= SELECT country, sum(total) FROM northwind.customers JOIN $totals t USING (customer_id) GROUP BY 1}],
		['orders of each seller', q{SELECT source, count(*) FROM loyalty.orders_enriched GROUP BY 1},
			'= SELECT last_name, count(*) FROM northwind.orders JOIN northwind.employees USING (employee_id) GROUP BY 1'],
	],
	chinook => [
		['412 invoices of 59 customers', 'SELECT sum(orders), count(*) FROM loyalty.customers', '412|59'],
		['revenue as published', 'SELECT sum(revenue) FROM loyalty.customers', '2328.60'],
		['the invoices are the sum of their lines', 'SELECT sum(revenue) FROM loyalty.revenue_by_period',
			'= SELECT sum(unit_price * quantity) FROM chinook.invoice_line'],
		['revenue of each country', 'SELECT value, sum(revenue) FROM loyalty.first_purchase WHERE dimension = \'country\' GROUP BY 1',
			'= SELECT country, sum(total) FROM chinook.customer JOIN chinook.invoice USING (customer_id) GROUP BY 1'],
	],
	'online-retail' => [
		['541909 rows, 135080 of them without a customer', 'SELECT count(*), count(*) - count(customer_id) FROM online_retail', '541909|135080'],
		['25900 invoices, 3836 of them cancellations', q{SELECT sum(order_rows), (SELECT count(DISTINCT invoice_no) FROM online_retail
			WHERE invoice_no LIKE 'C%') FROM loyalty.data_quality}, '25900|3836'],
		['4372 customers, 4339 of them with an order', q{SELECT count(DISTINCT customer_id), (SELECT count(*) FROM loyalty.customers)
			FROM online_retail}, '4372|4339'],
		['revenue of all rows as published', 'SELECT sum(revenue) FROM loyalty.data_quality', '9747747.934'],
		['revenue of known customers as published', q{SELECT sum(revenue) FROM loyalty.data_quality WHERE reason <> 'no_customer'}, '8300065.814'],
		['rows and revenue by reason', 'SELECT reason, order_rows, revenue FROM loyalty.data_quality WHERE order_rows > 0', qq{=
			SELECT CASE WHEN customer_id IS NULL THEN 'no_customer' WHEN ordered THEN 'used' ELSE 'only_returns' END, count(*), sum(amount)
			FROM (SELECT *, bool_or(amount >= 0) OVER (PARTITION BY customer_id) AS ordered FROM $invoices i) o GROUP BY 1}],
		['customers by country', q{SELECT value, count(*) FROM loyalty.customer_dimensions GROUP BY 1},
			q{= SELECT country, count(*) FROM (SELECT DISTINCT ON (customer_id) country FROM online_retail
			WHERE customer_id IS NOT NULL ORDER BY customer_id, invoice_date DESC, country) c GROUP BY 1}],
	],
	cdnow => [
		['69659 purchases of 23570 customers', 'SELECT sum(orders), count(*) FROM loyalty.customers', '69659|23570'],
		['revenue as published', 'SELECT sum(revenue) FROM loyalty.customers', '2500315.63'],
		['all first bought in the first quarter of 1997', 'SELECT min(first_order), max(first_order) FROM loyalty.customers', '1997-01-01|1997-03-25'],
		['customers who came on one day only', q{SELECT customers FROM loyalty.segment_profile WHERE segment = 'one_time'},
			'= SELECT count(*) FROM (SELECT FROM cdnow GROUP BY cust HAVING count(DISTINCT date) = 1) c'],
		['revenue of each month', 'SELECT period_start, revenue FROM loyalty.overview',
			q{= SELECT date_trunc('month', date)::date, sum(sales) FROM cdnow GROUP BY 1}],
		['who came back in each month after the first', q{SELECT cohort_start, period_number, retained FROM loyalty.retention_cohorts
			WHERE complete AND customers > 0}, q{= SELECT f.cohort::date, n, count(DISTINCT c.cust)
			FROM (SELECT cust, date_trunc('month', min(date)) AS cohort FROM cdnow GROUP BY cust) f
			JOIN generate_series(0, 17) n ON f.cohort + make_interval(months => n) < '1998-07-01'
			LEFT JOIN cdnow c ON c.cust = f.cust AND date_trunc('month', c.date) = f.cohort + make_interval(months => n) GROUP BY 1, 2}],
	],
);

sub sorted
{
	my ($sql) = @_;
	my ($status, $result) = run_sql($sql, '-At');
	return ($status, join '', map { "$_\n" } sort split /\n/, $result);
}

sub is_figure
{
	my ($name, $sql, $expected) = @_;
	return is_result($name, $sql, $expected) unless $expected =~ s/^=\s*//;
	my ($status, $result) = sorted($sql);
	my ($plain_status, $plain) = sorted($expected);
	check($name, $status == 0 && $plain_status == 0 && $result eq $plain, "got:\n${result}expected:\n$plain");
}

# Rows and their hash, view by view: to the last digit, but for the clock and the storage itself, and for the timeline,
# which has changes of class only where they are stored. Rows as they come are the same in every storage, and half a million
# lines take too long to be compared each time.
sub fingerprints
{
	my ($status, $result) = run_sql(q{
		SET extra_float_digits = 1;
		SELECT format('SELECT %1$L, count(*), sum(hashtextextended(%2$s, 0)) FROM loyalty.%1$I v %3$s', c.relname,
			CASE WHEN EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname IN ('today', 'refreshed_at', 'storage'))
				THEN '(to_jsonb(v) - ''{today,refreshed_at,storage}''::text[])::text' ELSE 'v::text' END,
			CASE WHEN c.relname IN ('customer_changes', 'customer_timeline') THEN 'WHERE kind <> ''class''' END) -- those are told where stored
		FROM pg_class c WHERE c.relnamespace = 'loyalty'::regnamespace AND c.relkind = 'v' AND c.relname !~ '_rows$' AND c.relname <> 'order_lines'
			AND c.relname NOT IN (SELECT f.relation FROM _clientele.workspace_files() f WHERE f.belongs_to = 'materialized')
		ORDER BY c.relname \gexec}, '-At');
	return $result;
}

# The same definitions read the same orders.
sub definitions
{
	my ($status, $result) = run_sql(q{
		SELECT relname, md5(pg_get_viewdef(oid)) FROM pg_class
		WHERE relnamespace = 'loyalty'::regnamespace AND relkind = 'v' ORDER BY relname}, '-At');
	return $result;
}

# --- The transcripts ---

sub replay
{
	my ($name) = @_;
	my $file = "$root/docs/transcripts/$name.md";
	my ($fresh, $views);
	my $is_compared = $name ne 'online-retail';
	my $is_same = sub {
		my ($what, $now, $then) = @_;
		check("$name: $what the same, view by view", $then =~ /^customers\|./m && $now eq $then, "got:\n${now}expected:\n$then");
	};
	my $before = sub {
		my ($sql) = @_;
		if ($sql =~ /storage => 'materialized'/) { ($fresh, $views) = ($is_compared && fingerprints(), definitions()) }
		elsif ($sql =~ /storage => 'view'/) { $is_same->('stored figures are', fingerprints(), $fresh) if $is_compared }
		elsif ($sql =~ /drop_workspace/)
		{
			$is_same->('going back to views makes', definitions(), $views);
			is_figure("$name: $_->[0]", @{$_}[1, 2]) for @{$figures{$name}};
			shows_all($name, $file);
		}
	};
	run_examples($file, $write, $before, '-P footer=off');
}

sub shows_all
{
	my ($name, $file) = @_;
	my $examples = join '', slurp($file) =~ /```sql\n(.*?)```\n\n```text\n/gs;
	my ($status, $relations) = run_sql(q{
		SELECT relname FROM pg_class WHERE relnamespace = 'loyalty'::regnamespace AND relkind IN ('r', 'v') ORDER BY 1}, '-At');
	my @missing = grep { $examples !~ /\bloyalty\.$_\b/ } split /\n/, $relations;
	check("$name: every view and table of the workspace is shown", $relations =~ /^customers$/m && !@missing, "not shown: @missing");
}

load_dump($_) for 'northwind', 'chinook';
load_purchases();
replay($_) for @names ? @names : sort keys %figures;
exit finish();
