"""What bench/run prints: medians over the rounds, ratios, each the median of the ratios within a round, and the aims."""
import statistics

from aims import AIMS
from contestants import PEER_OPTIONS
from scenarios import SCENARIOS

AGAIN = 'again'


class Results:
    """The results: for each scenario and contestant, one list of figures for each round, or None where a round gave no figures."""

    def __init__(self):
        self.rounds = {}

    def add(self, scenario, contestant, figures):
        self.rounds.setdefault((scenario, contestant.name), []).append(figures)

    def rows(self):
        """For all measured scenarios: the scenario, the index of each figure, and its title."""
        measured = {scenario for scenario, _ in self.rounds}
        return [(name, index, title) for name in SCENARIOS if name in measured for index, title in enumerate(SCENARIOS[name].figures)]

    def figures(self, scenario, index, contestant):
        return [figures[index] for figures in self.rounds.get((scenario, contestant.name), []) if figures]

    def median(self, scenario, index, contestant):
        values = self.figures(scenario, index, contestant)
        return statistics.median(values) if values else None

    def ratios(self, scenario, index, one, other):
        """The ratio in each round in which both have a figure."""
        both = zip(self.rounds.get((scenario, one.name), []), self.rounds.get((scenario, other.name), []))
        return [a[index] / b[index] for a, b in both if a and b and b[index]]


def print_report(results, contestants, before):
    """before: the build that this one is compared with, or None."""
    rows = results.rows()
    if not rows:
        return
    print_table('medians', rows, contestants, lambda contestant: contestant.name,
                lambda contestant, scenario, index: number(results.median(scenario, index, contestant)))
    pairs = [(ours, peer) for ours in contestants for peer in contestants
             if ours.variant not in PEER_OPTIONS and ours.build != AGAIN and peer.variant in PEER_OPTIONS]
    print_table('ratios', rows, pairs, lambda pair: f'{pair[0].name} : {pair[1].name}',
                lambda pair, scenario, index: ratio(results.ratios(scenario, index, *pair)))
    print_aims(results, contestants, rows)
    if before:
        print_comparison(results, contestants, rows, before)


def print_table(name, rows, columns, title, cell):
    """One row for each figure; a column without any figure is left out."""
    cells = [[cell(column, scenario, index) for scenario, index, _ in rows] for column in columns]
    used = [i for i in range(len(columns)) if any(cells[i])]
    if not used:
        return
    print_head(name, *(title(columns[i]) for i in used), right=len(used))
    for i, (_, _, words) in enumerate(rows):
        print_row(words, *(cells[j][i] for j in used))
    print()


def print_aims(results, contestants, rows):
    """Of several builds or numbers of selectors, an aim is about the first of this version."""
    first = {}
    for contestant in contestants:
        if not contestant.build:
            first.setdefault(contestant.variant, contestant)
    titles = {(scenario, index): title for scenario, index, title in rows}
    lines = []
    for aim in AIMS:
        if (aim.scenario, aim.figure) not in titles or not aim.takes() <= first.keys():
            continue
        ours, other = first[aim.ours], first.get(aim.other)
        values = results.ratios(aim.scenario, aim.figure, ours, other) if other else results.figures(aim.scenario, aim.figure, ours)
        if values:
            median = statistics.median(values)
            lines.append((titles[aim.scenario, aim.figure], f'{ours.name} : {other.name}' if other else ours.name, f'{aim.at_most:,}',
                          number(median, 2), f'{number(min(values), 2)} to {number(max(values), 2)}',
                          'met' if median <= aim.at_most else f'MISSED by {median / aim.at_most - 1:.0%}'))
    if lines:
        print_head('aim', 'of', 'at most', 'measured', 'lowest to highest', 'result')
        for line in lines:
            print_row(*line)
        print()


def print_comparison(results, contestants, rows, before):
    """
    How far two equal builds differ is the median, over the rounds, of how far the ratio of the two processes of this build is from 1.
    """
    print_head('figure', 'of', f'this : {before}', 'lowest to highest', 'this again : this', 'lowest to highest', 'equal builds differ by',
               f'worse than {before} by more than twice that')
    by_kind = {}
    for contestant in contestants:
        if contestant.variant not in PEER_OPTIONS:
            by_kind.setdefault((contestant.variant, contestant.selectors), {})[contestant.build] = contestant
    for scenario, index, title in rows:
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


def ratio(ratios):
    return f'{statistics.median(ratios):.2f}' if ratios else ''


def number(value, digits=3):
    return '' if value is None else f'{value:,.0f}' if value >= 1000 else f'{value:.{digits}f}'


def print_head(*cells, right=0):
    print_row(*cells)
    print_row(*['---'] * (len(cells) - right), *['--:'] * right)


def print_row(*cells):
    print(f'| {" | ".join(cells)} |')
