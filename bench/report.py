"""What bench/run prints: medians over the rounds, and ratios, each the median of the ratios within a round."""
import statistics

from contestants import PEER_OPTIONS
from scenarios import SCENARIOS

AGAIN = 'again'


class Results:
    """The results: for each scenario and contestant, one list of figures for each round, or None where a round gave no figures."""

    def __init__(self):
        self.rounds = {}

    def add(self, scenario, contestant, figures):
        self.rounds.setdefault((scenario, contestant.name), []).append(figures)

    def columns(self):
        """For all measured scenarios: the scenario, the index of each figure, and its title."""
        measured = {scenario for scenario, _ in self.rounds}
        return [(name, index, title) for name in SCENARIOS if name in measured for index, title in enumerate(SCENARIOS[name].figures)]

    def median(self, scenario, index, contestant):
        values = [figures[index] for figures in self.rounds.get((scenario, contestant.name), []) if figures]
        return statistics.median(values) if values else None

    def ratios(self, scenario, index, one, other):
        """The ratio in each round in which both have a figure."""
        both = zip(self.rounds.get((scenario, one.name), []), self.rounds.get((scenario, other.name), []))
        return [a[index] / b[index] for a, b in both if a and b and b[index]]


def print_report(results, contestants, before):
    """before: the build that this one is compared with, or None."""
    columns = results.columns()
    if not columns:
        return
    print_medians(results, contestants, columns)
    print_ratios_to_peers(results, contestants, columns)
    if before:
        print_comparison(results, contestants, columns, before)


def print_medians(results, contestants, columns):
    print_row('server', *(title for _, _, title in columns))
    print_row(*['---'] * (len(columns) + 1))
    for contestant in contestants:
        print_row(contestant.name, *(number(results.median(scenario, index, contestant)) for scenario, index, _ in columns))


def print_ratios_to_peers(results, contestants, columns):
    for ours in contestants:
        for peer in contestants:
            if ours.variant not in PEER_OPTIONS and ours.build != AGAIN and peer.variant in PEER_OPTIONS:
                ratios = [results.ratios(scenario, index, ours, peer) for scenario, index, _ in columns]
                print_row(f'{ours.name} : {peer.name}', *(f'{statistics.median(found):.2f}' if found else '' for found in ratios))


def print_comparison(results, contestants, columns, before):
    """
    How far two equal builds differ is the median, over the rounds, of how far the ratio of the two processes of this build is from 1.
    """
    print()
    print_row('figure', 'of', f'this : {before}', 'lowest to highest', 'this again : this', 'lowest to highest', 'equal builds differ by',
              f'worse than {before} by more than twice that')
    print_row(*['---'] * 8)
    by_kind = {}
    for contestant in contestants:
        if contestant.variant not in PEER_OPTIONS:
            by_kind.setdefault((contestant.variant, contestant.selectors), {})[contestant.build] = contestant
    for scenario, index, title in columns:
        for builds in by_kind.values():
            changed = results.ratios(scenario, index, builds[''], builds[before])
            equal = results.ratios(scenario, index, builds[AGAIN], builds[''])
            if changed and equal:
                noise = statistics.median(abs(ratio - 1) for ratio in equal)
                worse = statistics.median(changed) > 1 + 2 * noise
                print_row(title, builds[''].name, *median_and_range(changed), *median_and_range(equal), f'{noise:.1%}',
                          'WORSE' if worse else 'no')


def median_and_range(ratios):
    return f'{statistics.median(ratios):.3f}', f'{min(ratios):.3f} to {max(ratios):.3f}'


def number(value):
    return '' if value is None else f'{value:,.0f}' if value >= 1000 else f'{value:.3f}'


def print_row(*cells):
    print(f'| {" | ".join(cells)} |')
