#!/usr/bin/perl
# Runs the examples of README.md and of docs/*.md: each ```sql block, and where a ```text block follows, compares the output.
# Other blocks (```sh, ```text on its own) are for other programs, and for extensions that are not here. README.md makes a
# shop in an empty database; each page goes on with it, in a copy of its own, so that they can be read in any order. Tables
# that name a view and its columns are checked too. With --write it puts the output into the documents instead; run it as a
# superuser, on a server that has the extension.
use strict;
use warnings;
use File::Temp;
use FindBin;
use lib "$FindBin::RealBin/include";
use Examples qw($root slurp run_file run_sql check run_examples finish);

my $write = grep { $_ eq '--write' } @ARGV;
my %has_tables_of_its_own = ("$root/docs/from-your-crm.md" => 'from_crm.t');
my ($shop, $copy) = qw(examples_shop examples_copy);

# Runs on the server, in no database of the examples.
sub run_outside
{
	my ($sql) = @_;
	local $ENV{PGDATABASE} = 'postgres';
	my ($status, $result) = run_sql($sql);
	die $result if $status;
}

sub make_database
{
	my ($name, $template) = @_;
	run_outside("DROP DATABASE IF EXISTS $name WITH (FORCE);\nCREATE DATABASE $name TEMPLATE $template");
	$ENV{PGDATABASE} = $name;
}

# Roles of the examples belong to the whole server, which may have seen them before.
sub drop_all
{
	run_outside("DROP DATABASE IF EXISTS $_ WITH (FORCE)") for $copy, $shop;
	run_outside("DROP ROLE IF EXISTS $_") for qw(metabase analyst);
}

# Rows "| question | `view` | `column`, … | …": a workspace with all that can be attached has that view with these columns.
sub check_columns
{
	my ($file) = @_;
	(my $short = $file) =~ s{^\Q$root\E/}{};
	for my $row (grep { /^\| [^|]+ \| `\w+` \| `\w+`/ } split /\n/, slurp($file))
	{
		my (undef, undef, $view, $columns) = split /\|/, $row;
		my ($name) = $view =~ /`(\w+)`/;
		my ($status, $result) = run_sql('SELECT ' . join(', ', $columns =~ /`(\w+)`/g) . " FROM example_workspace.$name LIMIT 0;");
		check("$short, columns of $name", $status == 0, $result);
	}
}

# What examples write into files.
my $place = File::Temp->newdir;
chdir $place or die "$place: $!";

drop_all();
# Words sort by their bytes, whatever the language of the server.
make_database($shop, "template0 LC_COLLATE 'C'");
run_examples("$root/README.md", $write);

my @pages = grep { !$has_tables_of_its_own{$_} } glob "$root/docs/*.md";
for my $page (grep { slurp($_) =~ /^```sql$/m } @pages)
{
	make_database($copy, $shop);
	run_examples($page, $write);
}

make_database($copy, $shop);
my ($status, $result) = run_file("$root/docs/workspace.sql");
check('a workspace with all that can be attached', $status == 0, $result);
check_columns($_) for "$root/README.md", @pages;
drop_all();
chdir $root;
exit finish();
