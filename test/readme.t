#!/usr/bin/perl
# Runs the examples of README.md and of docs/*.md: each ```sql block, and where a ```text block follows, compares the output.
# Other blocks (```sh, ```text on its own) are for other programs, and for extensions that are not here. Tables that name
# a view and its columns are checked too. With --write it puts the output into the documents instead; run it in a database
# that has the extension, as a superuser.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/include";
use Examples qw($root slurp run_sql check run_examples finish);

my $write = grep { $_ eq '--write' } @ARGV;
my %has_tables_of_its_own = ("$root/docs/from-your-crm.md" => 'from_crm.t');

# Roles of the examples belong to the whole server, which may have seen them before.
sub drop_roles
{
	for my $role (qw(metabase analyst))
	{
		my ($status, $result) = run_sql("SELECT unnest(ARRAY['DROP OWNED BY $role CASCADE', 'DROP ROLE $role'])
			FROM pg_roles WHERE rolname = '$role' \\gexec");
		die $result if $status;
	}
}

# Rows "| question | `view` | `column`, … | … | … |": the workspace has that view with these columns.
sub check_columns
{
	my ($file) = @_;
	for my $row (grep { /^\| [^|]+ \| `\w+` \| `\w+`/ } split /\n/, slurp($file))
	{
		my (undef, undef, $view, $columns) = split /\|/, $row;
		my ($name) = $view =~ /`(\w+)`/;
		my ($status, $result) = run_sql('SELECT ' . join(', ', $columns =~ /`(\w+)`/g) . " FROM loyalty.$name LIMIT 0;");
		check("docs/bi.md, columns of $name", $status == 0, $result);
	}
}

drop_roles();
for my $file ("$root/README.md", glob "$root/docs/*.md")
{
	next if $has_tables_of_its_own{$file};
	run_examples($file, $write);
	# Its last example looks back.
	run_sql(q{UPDATE loyalty.settings SET as_of = 'auto'}) if $file eq "$root/README.md";
}
check_columns("$root/docs/bi.md");
drop_roles();
exit finish();
