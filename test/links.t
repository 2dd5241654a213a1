#!/usr/bin/perl
# Each link of the documents to a file leads to one that is there, and to a heading in it
use strict;
use warnings;
use File::Basename qw(dirname);
use FindBin;
use lib "$FindBin::RealBin/include";
use Examples qw($root slurp check finish);

sub prose { my ($file) = @_; return slurp($file) =~ s/^```.*?^```//msgr }

# By GitHub's names of them.
sub headings
{
	my ($file) = @_;
	return map { my $name = lc; $name =~ s/[^\w\- ]//g; $name =~ tr/ /-/; $name => 1 } prose($file) =~ /^#+ (.*)$/mg;
}

sub is_dead
{
	my ($file, $link) = @_;
	my ($path, $heading) = split /#/, $link;
	my $target = $path ne '' ? dirname($file) . "/$path" : $file;
	return !-e $target || defined $heading && !{ headings($target) }->{$heading};
}

for my $file (map { glob "$root/$_" } qw(*.md docs/*.md docs/transcripts/*.md))
{
	my @links = grep { /[.\/#]/ && !/^\w+:/ } prose($file) =~ s/`[^`\n]*`//gr =~ /\]\(([^)\s]+)\)/g;
	my @dead = grep { is_dead($file, $_) } @links;
	(my $short = $file) =~ s{^\Q$root\E/}{};
	check("$short, links", !@dead, join "\n", @dead);
}
exit finish();
