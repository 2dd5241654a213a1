#!/usr/bin/perl
# Runs the examples of README.md and docs/*.md: each ```sql block, and where a ```text block follows, compares the output.
# With --write it puts the output into the documents instead; run it in a database that has the extension.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp;

my $root  = abs_path(dirname(__FILE__) . '/..');
my $write = grep { $_ eq '--write' } @ARGV;
my $tests = 0;
my $failed = 0;

sub slurp { my ($file) = @_; local $/; open my $in, '<', $file or die "$file: $!"; return scalar <$in> }

sub run_sql
{
	my ($sql) = @_;
	my $script = File::Temp->new(SUFFIX => '.sql');
	print $script $sql;
	close $script;
	my $result = `psql -X -q -v ON_ERROR_STOP=1 -f $script 2>&1`;
	my $status = $?;
	$result =~ s/^psql:\S+ NOTICE:.*\n//mg;
	$result =~ s/[ \t]+$//mg;
	$result =~ s/\s+\z/\n/;
	return ($status, $result);
}

sub check
{
	my ($name, $good, $remark) = @_;
	$tests++;
	return print "ok $tests - $name\n" if $good;
	$failed++;
	print "not ok $tests - $name\n";
	print "# $_\n" for split /\n/, $remark;
}

for my $file ("$root/README.md", glob "$root/docs/*.md")
{
	(my $short = $file) =~ s{^\Q$root\E/}{};
	my $text = slurp($file);
	my $number = 0;
	$text =~ s{```sql\n(.*?)```(?:(\n\n```text\n)(.*?)```)?}{
		my ($sql, $between, $expected) = ($1, $2, $3);
		my ($status, $result) = run_sql($sql);
		$number++;
		check("$short, example $number runs", $status == 0, $result);
		check("$short, example $number gives what it shows", $result eq $expected, "got:\n$result")
			if defined $expected && !$write;
		"```sql\n$sql```" . (defined $between ? "$between" . ($write ? $result : $expected) . "```" : "");
	}gse;
	next unless $write;
	open my $out, '>', $file or die "$file: $!";
	print $out $text;
}
print "1..$tests\n";
exit($failed ? 1 : 0);
