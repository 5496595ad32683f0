#!/usr/bin/perl
# Perl's NGCP::Rtpengine (Debian's rtpengine-utils), as its users call it.
#
#     PERL5LIB=... perl client.pl HOST PORT FOLDER
#
# It waits for each reply before it sends the next request, so there is one in flight, whatever the order says. It
# does not resend, and has no deadline: the one here is an option of its socket. The orders and the answers are
# described in orders.py.
use strict;
use warnings;
use JSON;
use NGCP::Rtpengine;
use Socket qw(SOL_SOCKET SO_RCVTIMEO);
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC CLOCK_PROCESS_CPUTIME_ID);

my $TIMEOUT = 3;    # seconds, as TIMEOUT in orders.py
my ($host, $port, $folder) = @ARGV;
my $plan = decode_json(read_file("$folder/plan.json"));
$| = 1;

sub read_file {
    my ($path) = @_;
    open my $file, '<', $path or die "$path: $!";
    local $/ = undef;
    return scalar <$file>;
}

sub read_all {
    my ($value) = @_;
    for my $inner (ref $value eq 'HASH' ? values %$value : @$value) {
        read_all($inner) if ref $inner;
    }
    return;
}

sub peak {
    return read_file('/proc/self/status') =~ /^VmHWM:\s+(\d+) kB$/m ? $1 + 0 : 0;
}

sub cpu {
    return clock_gettime(CLOCK_PROCESS_CPUTIME_ID);    # `times` counts hundredths of a second
}

sub run {
    my ($workload, $count, undef, $prefix) = @_;
    my $documents = $plan->{$workload} or return { skipped => 'not of this subject' };
    my $client = NGCP::Rtpengine->new($host, $port);
    setsockopt($client->{socket}, SOL_SOCKET, SO_RCVTIMEO, pack('l!l!', $TIMEOUT, 0)) or die $!;
    my ($lost, @times) = (0);
    my ($cpu, $begun) = (cpu(), clock_gettime(CLOCK_MONOTONIC));
    for my $number (0 .. $count - 1) {
        my $since = clock_gettime(CLOCK_MONOTONIC);
        my $done = eval {
            for my $document (@$documents) {
                my $is_new = exists $document->{'call-id'} && !defined $document->{'call-id'};
                my $reply = $client->req($is_new ? { %$document, 'call-id' => "$prefix-$number" } : $document);
                read_all($reply) if $workload eq 'query';
            }
            1;
        };
        if ($done) { push @times, (clock_gettime(CLOCK_MONOTONIC) - $since) * 1e6 }
        elsif ($!{EAGAIN}) { $lost++ }
        else { die $@ }
    }
    my $wall = clock_gettime(CLOCK_MONOTONIC) - $begun;
    $cpu = cpu() - $cpu;
    @times = sort { $a <=> $b } @times;
    return {
        wall     => $wall,
        cpu      => $cpu,
        requests => @times * @$documents + $lost,
        lost     => $lost,
        p50      => @times ? $times[@times / 2] : 0,
        peak     => peak(),
    };
}

while (my $line = <STDIN>) {
    my (undef, $workload, $count, $in_flight, $prefix) = split ' ', $line;
    my $outcome = eval { run($workload, $count, $in_flight, $prefix) } || { error => "$@" };
    print encode_json($outcome), "\n";
}
