#!/usr/bin/perl
# Runs the examples of docs/from-your-crm.md over the made-up tables of test/crm, and compares what the workspaces say
# with figures worked out by hand. With --write it puts the examples' output into the document instead.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/include";
use Examples qw($root run_file run_sql check is_result run_examples finish);

my $write = grep { $_ eq '--write' } @ARGV;

# Customers by name: orders, returns, revenue, days of the first and last order, profit.
sub is_customers
{
	my ($workspace, $name, $names, @expected) = @_;
	is_result("$workspace: $name", qq{
		SELECT n.name, c.orders, c.returns, c.revenue, c.first_order, c.last_order, c.profit
		FROM $workspace.customers c LEFT JOIN $names n ON n.customer = c.customer ORDER BY n.name}, @expected);
}

sub quality_of { "SELECT reason, order_rows, revenue FROM $_[0].data_quality WHERE order_rows > 0 ORDER BY reason" }

sub is_quality
{
	my ($workspace, @expected) = @_;
	is_result("$workspace: every row is used, or left out for its reason", quality_of($workspace), @expected);
}

# Orders by number: source and category.
sub is_labels
{
	my ($workspace, $name, $number, @expected) = @_;
	is_result("$workspace: $name", qq{
		SELECT right(e.order_id, $number), e.source, e.category FROM $workspace.orders_enriched e ORDER BY 1}, @expected);
}

for my $tables (glob "$root/test/crm/*.sql")
{
	my ($status, $result) = run_file($tables);
	check((split m{/}, $tables)[-1] . ' loads', $status == 0, $result);
}
run_examples("$root/docs/from-your-crm.md", $write);

# 1C. Of Romashka 1000 and 500, bought through two legal entities, the second without a partner, less a return of 200;
# 700 are marked for deletion, and another return is not posted. Vasilek: 100 USD at 90 and 10 at 95, 300 not posted.
# Tulpan: 10000 KZT at 19 for 100; 5 EUR have no rate, so no amount. The retail buyer's 250 belong to nobody.
is_customers('loyalty_1c', 'posted documents, returns and currencies', 'onec.customers',
	'Romashka|2|1|1300.00|2025-01-15|2025-02-10|', 'Tulpan|1|0|1900.00|2025-03-21|2025-03-21|',
	'Vasilek|2|0|9950.00|2025-02-20|2025-03-20|');
is_quality('loyalty_1c', 'no_amount|1|', 'no_customer|1|250.00', 'used|6|13150.00');
is_labels('loyalty_1c', 'source of the partner, category of the largest lines', 1,
	'1|exhibition|machines', '2|exhibition|parts', '3|web|parts', '7|web|', '8||');
is_result('loyalty_1c: partners are divided by their kind', q{
	SELECT value, count(*) FROM loyalty_1c.customer_dimensions WHERE dimension = 'customer_type'
		AND customer IN (SELECT customer FROM loyalty_1c.customers) GROUP BY 1 ORDER BY 2}, 'ЧастноеЛицо|1', 'Компания|2');

# The base itself: the years taken off, also on a day that only leap years have; one document marked, one of nobody.
sub attach_raw { run_sql(q{SELECT attach_orders('onec_raw.orders', workspace => 'loyalty_raw', time_zone => 'UTC', stored_in => 'UTC')}) }
my $raw_customers = q{SELECT customer, orders, revenue, first_order, last_order FROM loyalty_raw.customers ORDER BY customer};
attach_raw();
is_result('loyalty_raw: references and dates of the database', $raw_customers,
	'9c3d00155d01d30111ee0000000000a1|2|1500.00|2024-02-29|2025-01-15', '9c3d00155d01d30111ee0000000000a2|1|90.00|2025-02-03|2025-02-03');
is_quality('loyalty_raw', 'no_customer|1|250.00', 'used|3|1590.00');
run_sql('DELETE FROM onec_raw._yearoffset');
is_result('loyalty_raw: with the years left on, the documents lie in the future', quality_of('loyalty_raw'), 'future|3|1590.00', 'no_customer|1|250.00');
run_sql(q{UPDATE onec_raw._document139 SET _date_time = _date_time - interval '2000 years'});
is_result('loyalty_raw: a base without an offset', $raw_customers,
	'9c3d00155d01d30111ee0000000000a1|2|1500.00|2024-02-29|2025-01-15', '9c3d00155d01d30111ee0000000000a2|1|90.00|2025-02-03|2025-02-03');

# Dynamics. Contoso: 100, 50 by Eva late on 28 February in UTC, 25 under the account merged into it. Paul: 110.40 in the
# base currency, submitted on 1 April in Berlin, less 40 sent back under his merged contact. Fabrikam: 60; 500 are
# cancelled and 600 not submitted. 15 belong to nobody.
is_customers('loyalty_dynamics', 'accounts, contacts, states and days', 'dynamics.customers',
	'Contoso|3|0|175.00|2025-01-10|2025-03-10|', 'Fabrikam|1|0|60.00|2025-04-05|2025-04-05|', 'Paul|1|1|70.40|2025-04-01|2025-04-01|');
is_result('loyalty_dynamics: days are those of Berlin', q{
	SELECT day, amount FROM loyalty_dynamics.orders_enriched ORDER BY day},
	'2025-01-10|100.00', '2025-03-01|50.00', '2025-03-10|25.00', '2025-04-01|110.40', '2025-04-05|60.00');
is_quality('loyalty_dynamics', 'no_customer|1|15.00', 'used|6|305.40');
is_labels('loyalty_dynamics', 'campaigns before sources of leads', 1,
	'1|Web|', '2||', '3||', '4|spring mailing|', '9|spring mailing|');

# Creatio. Alfa: 200 on 1 February in Warsaw, and 80 by Anna, who belongs to it; 900 cancelled, 800 draft, 700 under way.
# Zofia: 420 in the base currency, dated by its creation, less 120. 30 belong to nobody.
is_customers('loyalty_creatio', 'statuses, empty references and currencies', 'creatio.customers',
	'Alfa|2|0|280.00|2025-02-01|2025-02-20|', 'Zofia|1|1|300.00|2025-03-03|2025-03-03|');
is_quality('loyalty_creatio', 'no_customer|1|30.00', 'used|4|580.00');
is_labels('loyalty_creatio', 'the first lead before the opportunity and the channel, category of the largest products', 1,
	'1|Search|hardware', '2|Partner|', '3|Web|service');

# Web shop. Ann: 50, 30 as a guest (28 February in New York), 40 refunded in full; profit 50 - 22, 30 - 15, 40 - 10 and
# less 30. Bob: 100 EUR at 1.10 less 20 of them, profit 40 EUR less a fifth; 70 cancelled and refunded, 20 not paid.
# A test of 999, and 12 by nobody.
is_customers('loyalty_shop', 'guests, refunds, tests, currencies and profit', '(SELECT customer, customer AS name FROM webshop.buyers)',
	'ann@example.com|3|1|80.00|2025-01-05|2025-02-28|43.00', 'bob@example.com|1|1|88.00|2025-02-10|2025-02-10|35.20');
is_quality('loyalty_shop', 'no_customer|1|12.00', 'used|6|168.00');
is_labels('loyalty_shop', 'source of the order, category of the dearest line', 1,
	'1|search|toys', '2||books', '3|newsletter|toys', '8||toys');
exit finish();
