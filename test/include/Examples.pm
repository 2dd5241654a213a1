# The examples of a document, run in the order in which they stand: each ```sql block, and where a ```text block
# follows, its output compared; one that begins with ERROR shows an example that has to fail. Prints TAP; psql's
# environment leads to a database that has the extension.
package Examples;
use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Temp;
our @EXPORT_OK = qw($root slurp run_file run_sql check is_result run_examples finish);

# A document shows a session as the server's defaults have it, in UTC, whatever the caller's or the server's own is.
@ENV{qw(LC_ALL PGTZ PGDATESTYLE PGOPTIONS)} = ('C', 'UTC', 'ISO, MDY', '-c lc_messages=C');

our $root = abs_path(dirname(__FILE__) . '/../..');
my $tests = 0;
my $failed = 0;

sub slurp { my ($file) = @_; local $/; open my $in, '<', $file or die "$file: $!"; return scalar <$in> }

sub spew
{
	my ($file, $text) = @_;
	open my $out, '>', $file or die "$file: $!";
	print $out $text;
	close $out or die "$file: $!";
}

# Status and output of a script, as psql shows it to a reader; more options after it.
sub run_file
{
	my ($script, @options) = @_;
	my $result = `psql -X -q -v ON_ERROR_STOP=1 -v SHOW_CONTEXT=never @options -f '$script' 2>&1`;
	my $status = $?;
	$result =~ s/^psql:\S+ NOTICE:.*\n//mg;
	$result =~ s/^psql:\S+ (?=ERROR:)//mg;
	$result =~ s/[ \t]+$//mg;
	$result =~ s/\s+\z/\n/;
	return ($status, $result);
}

sub run_sql
{
	my ($sql, @options) = @_;
	my $script = File::Temp->new(SUFFIX => '.sql');
	print $script $sql;
	close $script;
	return run_file($script->filename, @options);
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

# The result of a query, a line per row, columns apart by |.
sub is_result
{
	my ($name, $sql, @expected) = @_;
	my ($status, $result) = run_sql($sql, '-At');
	my $expected = join '', map { "$_\n" } @expected;
	check($name, $status == 0 && $result eq $expected, "got:\n${result}expected:\n$expected");
}

# With $write the output is put into the document instead of compared. $before is called with the SQL of each example.
# More options of psql after it.
sub run_examples
{
	my ($file, $write, $before, @options) = @_;
	(my $short = $file) =~ s{^\Q$root\E/}{};
	my $text = slurp($file);
	my $number = 0;
	$text =~ s{```sql\n(.*?)```(?:(\n\n```text\n)(.*?)```)?}{
		my ($sql, $between, $expected) = ($1, $2, $3);
		$before->($sql) if $before;
		my ($status, $result) = run_sql($sql, @options);
		my $has_to_fail = defined $expected && $expected =~ /^ERROR/;
		$number++;
		check("$short, example $number " . ($has_to_fail ? 'fails' : 'runs'), ($status != 0) == $has_to_fail, $result);
		check("$short, example $number gives what it shows", $result eq $expected, "got:\n$result")
			if defined $expected && !$write;
		"```sql\n$sql```" . (defined $between ? "$between" . ($write ? $result : $expected) . "```" : "");
	}gse;
	spew($file, $text) if $write;
}

# The exit status.
sub finish
{
	print "1..$tests\n";
	return $failed ? 1 : 0;
}

1;
