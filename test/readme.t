#!/usr/bin/perl
# Runs the examples of README.md and of docs/*.md: each ```sql block, and where a ```text block follows, compares the output.
# With --write it puts the output into the documents instead; run it in a database that has the extension.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/include";
use Examples qw($root run_examples finish);

my $write = grep { $_ eq '--write' } @ARGV;
my %has_tables_of_its_own = ("$root/docs/from-your-crm.md" => 'from_crm.t');

for my $file ("$root/README.md", glob "$root/docs/*.md")
{
	run_examples($file, $write) unless $has_tables_of_its_own{$file};
}
exit finish();
