package tollgate.reports;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Exposed;
import tollgate.analysis.ExposureMetric;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Metric;
import tollgate.analysis.Uncertainty.Pair;
import tollgate.reports.chart.MainMetric;
import tollgate.reports.chart.Rounded;

/** The findings in words, said from the figures: which strategy costs what on which workload, and how sure it is. */
final class Headline {
    /** More strategies than these are named by the two cheapest and the two dearest. */
    private static final int NAMED = 5;

    /** More open orders than these are only counted. */
    private static final int OPEN = 3;

    /** Percent of events with borrowed pages, from which a workload's refill costs say more of other events than of its own. */
    private static final double MUCH_BORROWED = 25;

    /** A figure and where it stands. */
    private record Cell(String strategy, String workload, Estimate figure) {
        double relativeWidth() {
            return figure.value() == 0 ? 0 : (figure.high() - figure.low()) / Math.abs(figure.value());
        }
    }

    /** Two strategies on a workload. */
    private record Call(String workload, Pair pair) {
        String words() {
            return pair.a() + " is cheaper than " + pair.b() + " on " + workload + ", in "
                    + (pair.aIsCheaper() == 100 ? "every draw" : Ranks.percent(pair.aIsCheaper()) + " % of draws");
        }

        String name() {
            return pair.a() + " and " + pair.b() + " on " + workload
                    + (pair.isSame() ? " (the same)" : " (" + Ranks.percent(pair.aIsCheaper()) + " %)");
        }
    }

    private final SummaryTable table;
    private final List<Workload> workloads;
    private final List<Cell> cells = new ArrayList<>();
    private int silent;

    private Headline(SummaryTable table, List<Workload> workloads) {
        this.table = table;
        this.workloads = workloads.stream()
                .filter(workload -> MainMetric.of(workload) == table.metric())
                .toList();
        for (SummaryTable.Line line : table.lines()) {
            for (int i = 0; i < line.figures().size(); i++) {
                if (line.figures().get(i) instanceof Estimate e) {
                    cells.add(new Cell(table.strategies().get(i), line.workload(), e));
                } else {
                    silent++;
                }
            }
        }
    }

    /** The first says what was compared, then one for each table of the summary. */
    static List<String> paragraphs(Comparison comparison) {
        List<String> paragraphs = new ArrayList<>();
        List<SummaryTable> tables = SummaryTable.of(comparison);
        long strategies = tables.stream()
                .flatMap(table -> table.strategies().stream())
                .distinct()
                .count();
        paragraphs.add(count(comparison.workloads().size(), "workload") + ", " + countStrategies(strategies)
                + ", priced for " + comparison.cpu().title() + " at "
                + CsvTables.number(comparison.cpu().gigahertz())
                + " GHz; every figure is what a strategy adds to the same course of events without isolation.");
        tables.forEach(table ->
                paragraphs.add(String.join(" ", new Headline(table, comparison.workloads()).sentences())));
        for (Workload workload : comparison.workloads()) {
            double borrowed = workload.trace().borrowedShare();
            if (borrowed >= MUCH_BORROWED) {
                paragraphs.add("Take " + workload.name() + " with care: " + Rounded.digits(borrowed, 2)
                        + " % of its kernel entries and exits borrow the pages they touch from other events.");
            }
        }
        return paragraphs;
    }

    private List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        String subject = subject() + " on " + count(table.lines().size(), "workload");
        if (cells.isEmpty()) {
            sentences.add(subject + ": no figure can be told; the tables say why.");
            return sentences;
        }
        List<String> order = table.strategies().stream()
                .filter(strategy ->
                        cells.stream().anyMatch(cell -> cell.strategy().equals(strategy)))
                .sorted(Comparator.comparingDouble(this::median))
                .toList();
        sentences.add(subject + ": " + costs(order) + ".");
        exposure(order).ifPresent(sentences::add);
        if (order.size() > 1) {
            sentences.addAll(order());
        }
        widest(sentences);
        if (silent > 0) {
            sentences.add(silent + " of these figures cannot be told.");
        }
        return sentences;
    }

    private String subject() {
        return switch (table.metric()) {
            case OVERHEAD -> "Time added per busy time";
            case CYCLES_PER_EXIT -> "Cycles added per VM exit, where time cannot be told,";
            default -> "Cycles added per kernel entry, where neither time nor VM exits can be told,";
        };
    }

    private String costs(List<String> order) {
        if (order.size() <= NAMED) {
            return order.stream().map(this::range).collect(Collectors.joining("; "));
        }
        int last = order.size();
        return range(order.get(0)) + "; " + range(order.get(1)) + "; " + (last - 4) + " others between; "
                + range(order.get(last - 2)) + "; " + range(order.get(last - 1));
    }

    /** For how long each of the strategies named left everything mapped; nothing where it was not metered. */
    private Optional<String> exposure(List<String> order) {
        boolean isByExit = table.metric() == Metric.CYCLES_PER_EXIT;
        int last = order.size();
        List<String> named = order.size() <= NAMED
                ? order
                : List.of(order.get(0), order.get(1), order.get(last - 2), order.get(last - 1));
        String said = named.stream()
                .flatMap(strategy -> exposed(strategy, isByExit).stream())
                .collect(Collectors.joining("; "));
        return said.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        isByExit
                                ? "Exits served without the full address space: " + said + "; none without isolation."
                                : "Everything the kernel can reach stayed mapped for: " + said
                                        + " of user and kernel time; 100\u00a0% without isolation.");
    }

    /** "kpti 17 % (idle) to 64 % (database)". */
    private Optional<String> exposed(String strategy, boolean isByExit) {
        ExposureMetric metric = isByExit ? ExposureMetric.EXITS_RESTRICTED : ExposureMetric.FULL_TIME;
        List<Cell> cells = new ArrayList<>();
        for (Workload workload : workloads) {
            for (Strategy each : workload.strategies()) {
                Exposed exposed = each.name().equals(strategy) ? each.exposure().get(metric) : null;
                if (exposed != null && exposed.figure() instanceof Estimate e) {
                    cells.add(new Cell(strategy, workload.name(), e));
                }
            }
        }
        if (cells.isEmpty()) {
            return Optional.empty();
        }
        cells.sort(Comparator.comparingDouble(cell -> cell.figure().value()));
        String least = percent(cells.get(0));
        String most = percent(cells.get(cells.size() - 1));
        return Optional.of(strategy + " "
                + (least.equals(most)
                        ? least
                        : least + " (" + cells.get(0).workload() + ") to " + most + " ("
                                + cells.get(cells.size() - 1).workload() + ")"));
    }

    /** To three digits where it is measured, to what its bounds support where it has any. */
    private static String percent(Cell cell) {
        return Rounded.both(cell.figure(), 3) + "\u00a0%";
    }

    /** "kpti 0.1 % [0.08, 0.2] (idle) to 3.1 % [2.0, 4.4] (database)". */
    private String range(String strategy) {
        List<Cell> mine = of(strategy);
        Cell least = mine.get(0);
        Cell most = mine.get(mine.size() - 1);
        if (mine.size() == 1) {
            return strategy + " " + figure(least) + (table.lines().size() == 1 ? "" : " (" + least.workload() + ")");
        }
        return strategy + " " + figure(least) + " (" + least.workload() + ") to " + figure(most) + " ("
                + most.workload() + ")";
    }

    private String figure(Cell cell) {
        String unit = table.metric() == Metric.OVERHEAD ? "\u00a0%" : "";
        return (Rounded.value(cell.figure()) + unit + " " + Rounded.interval(cell.figure())).strip();
    }

    private List<Cell> of(String strategy) {
        return cells.stream()
                .filter(cell -> cell.strategy().equals(strategy))
                .sorted(Comparator.comparingDouble(cell -> cell.figure().value()))
                .toList();
    }

    private double median(String strategy) {
        List<Cell> mine = of(strategy);
        return mine.get(mine.size() / 2).figure().value();
    }

    /** Which neighbours in a workload's order by cost the draws tell apart: the closest call, and those left open. */
    private List<String> order() {
        List<Call> calls = new ArrayList<>();
        for (Workload workload : workloads) {
            Ranks ranks = new Ranks(workload.uncertainty());
            ranks.neighbours().forEach(pair -> calls.add(new Call(workload.name(), pair)));
        }
        if (calls.isEmpty()) {
            return List.of();
        }
        List<String> sentences = new ArrayList<>();
        List<Call> told = calls.stream().filter(call -> !call.pair().isTie()).toList();
        sentences.add("Of " + count(calls.size(), "pair") + " of neighbours in the order by cost, the draws tell "
                + (told.size() == calls.size() ? "all" : told.isEmpty() ? "none" : told.size()) + " apart"
                + told.stream()
                        .min(Comparator.comparingDouble(call -> call.pair().aIsCheaper()))
                        .map(call -> "; the closest call is that " + call.words())
                        .orElse("")
                + ".");
        List<Call> open = calls.stream().filter(call -> call.pair().isTie()).toList();
        if (!open.isEmpty()) {
            String more = open.size() > OPEN ? "; and of " + (open.size() - OPEN) + " more pairs" : "";
            sentences.add("Open is the order of "
                    + open.stream().limit(OPEN).map(Call::name).collect(Collectors.joining("; of ")) + more + ".");
        }
        return sentences;
    }

    private void widest(List<String> sentences) {
        Cell widest = cells.get(0);
        for (Cell cell : cells) {
            if (cell.relativeWidth() > widest.relativeWidth()) {
                widest = cell;
            }
        }
        if (widest.relativeWidth() > 0) {
            sentences.add("Least certain for its size is " + widest.strategy() + " on " + widest.workload() + ", "
                    + figure(widest) + ".");
        }
    }

    private static String countStrategies(long count) {
        return count + (count == 1 ? " strategy" : " strategies");
    }

    private static String count(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
