"""How many messages a second the gate decides over HTTP, on one core.

Claim: at least 60,000 messages a second in batches of 50, and 5,000 one by one.

Rival: rspamd with the same patterns, one message a request as it knows no other, where it is
installed (apt-get install rspamd): one worker on the same core, under the same load.

Messages: ordinary lines of the corpora cut to 140 characters, one in a hundred with a made-up
share code in a disguise. The server runs on one core; the load comes from this process on another,
over loopback, by some connections that always have one request under way; rspamd closes its own
after each answer. Rounds are interleaved, every figure is the median of its rounds; each answer is
checked for its status.

Machine: stated in the results. About a minute; with --quick a few seconds.

Run: python -m benchmarks gate_http --data ../shared/data
"""

import contextlib
import os
from argparse import ArgumentParser, Namespace

from benchmarks.bench.claims import Report
from benchmarks.bench.data import load_data
from benchmarks.bench.messages import ordinary_messages
from benchmarks.bench.options import add_data, add_quick
from benchmarks.bench.results import begin
from benchmarks.gate_http.load import Load, connections, race
from benchmarks.gate_http.servers import Server, on_core, running_kouling, running_rspamd
from benchmarks.gate_http.wire import check_requests, inspect_requests

batches = (1, 50, 500)
messages_count = 50_000


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this claim."""
    add_data(parser)
    add_quick(parser)


def measure(options: Namespace) -> Report:
    """Put the same load on both servers, in turn."""
    data = load_data(options.data)
    report = begin(quick=options.quick, connections=connections)
    report["data"] = data.facts
    messages = ordinary_messages(line.text for line in data.corpus["all"])[:messages_count]
    cores = sorted(os.sched_getaffinity(0))
    report["own_core"] = len(cores) > 1
    with contextlib.ExitStack() as stack:
        with on_core(cores[-1]):
            kouling = stack.enter_context(running_kouling())
            rspamd = stack.enter_context(running_rspamd())
        loads = [Load(kouling, batch, inspect_requests(messages, batch)) for batch in batches]
        if isinstance(rspamd, Server):
            loads.append(Load(rspamd, 1, check_requests(messages)))
        report["rspamd"] = rspamd if isinstance(rspamd, str) else rspamd.name
        with on_core(cores[0]):
            report["race"] = race(loads, quick=options.quick)
    return report
