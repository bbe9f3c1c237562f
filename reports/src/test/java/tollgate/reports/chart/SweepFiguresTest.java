package tollgate.reports.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Metric;
import tollgate.analysis.study.Axis;
import tollgate.analysis.study.Sweep;
import tollgate.analysis.study.Swept;
import tollgate.reports.chart.RecordingGraphics.Text;

/** What curves and heat maps of sweeps must do, whatever is swept. */
final class SweepFiguresTest {
    private static final String LONG = "mainline-kpti+sci(prefill=0.123456,invpcid=false)+kvm-asi(per_vm=true)";

    private static final Axis PRICE =
            new Axis(Axis.Kind.PRICE, "cr3_write_noflush", "", List.of("50", "100", "1000", "10000"), true);
    private static final Axis PAGES = new Axis(Axis.Kind.MODEL, "user_pages", "", List.of("0.6", "1", "1.6"), false);
    private static final Axis WORDS =
            new Axis(Axis.Kind.STRATEGY, "kvm-asi", "l1d_flush", List.of("never", "cond", "always"), false);
    private static final Axis DENSE = new Axis(
            Axis.Kind.PRICE,
            "page_walk_step",
            "",
            Stream.iterate(1, i -> i + 1).limit(40).map(i -> 1000.125 * i + "").toList(),
            false);
    private static final Axis ONE = new Axis(Axis.Kind.PRICE, "verw_mds_clear", "", List.of("400"), false);

    /** @param span largest over smallest value */
    record Case(Axis over, Optional<Axis> and, int strategies, double span) {
        List<Swept.Row> rows() {
            List<Swept.Row> rows = new ArrayList<>();
            for (int s = 0; s < strategies; s++) {
                String name = s == 1 ? LONG : "strategy-" + s;
                for (int i = 0; i < over.values().size(); i++) {
                    for (int j = 0; j < and.map(axis -> axis.values().size()).orElse(1); j++) {
                        double value = (1 + i + j) * Math.pow(span, (double) s / strategies) / 7;
                        Figure figure = s == 2 && i == 1
                                ? new CannotTell("no reason at all")
                                : new Estimate(value, value / 2 - 0.01, value * 3);
                        rows.add(new Swept.Row("a workload", "zen3", name, Metric.OVERHEAD, i, j, figure));
                    }
                }
            }
            return rows;
        }

        List<Sheet> sheets(double width) {
            Sweep sweep = new Sweep(
                    "made", over, and, Optional.empty(), OptionalDouble.empty(), List.of(), List.of(), List.of());
            Swept swept = new Swept(sweep, rows(), List.of());
            return and.isPresent()
                    ? new SweepMap(swept, rows()).sheets(width)
                    : new SweepCurve(swept, rows()).sheets(width);
        }

        List<RecordingGraphics> drawn() {
            return Stream.of(Sheet.COLUMN, Sheet.PAGE)
                    .flatMap(width -> sheets(width).stream())
                    .map(RecordingGraphics::of)
                    .toList();
        }
    }

    static Stream<Case> cases() {
        Stream<Case> tall = Stream.of(new Case(WORDS, Optional.of(DENSE), 2, 10));
        return Stream.concat(
                tall,
                Stream.of(PRICE, PAGES, WORDS, DENSE, ONE)
                        .flatMap(over -> Stream.of(
                                new Case(over, Optional.empty(), 1, 1),
                                new Case(over, Optional.empty(), 9, 1e5),
                                new Case(over, Optional.of(PAGES), 3, 10))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everythingLiesOnTheSheetAndNoTwoTextsOverlap(Case one) {
        for (double width : new double[] {Sheet.COLUMN, Sheet.PAGE}) {
            for (Sheet sheet : one.sheets(width)) {
                assertThat(sheet.height()).isBetween(20.0, Sheet.MAX_HEIGHT);
                Rectangle2D paper = new Rectangle2D.Double(-0.6, -0.6, sheet.width() + 1.2, sheet.height() + 1.2);
                List<Text> texts = RecordingGraphics.of(sheet).texts;
                for (int i = 0; i < texts.size(); i++) {
                    if (!paper.contains(texts.get(i).box())) {
                        throw new AssertionError(texts.get(i) + " is not on the sheet");
                    }
                    for (int j = i + 1; j < texts.size(); j++) {
                        if (texts.get(i).box().intersects(texts.get(j).box())) {
                            throw new AssertionError(texts.get(i) + " and " + texts.get(j) + " overlap");
                        }
                    }
                }
            }
        }
    }

    /** A curve has a mark for each row that is told, a map for each row. */
    @ParameterizedTest
    @MethodSource("cases")
    void marksEqualRows(Case one) {
        long expected = one.rows().stream()
                .filter(row -> one.and().isPresent() || row.figure() instanceof Estimate)
                .count();
        assertThat(one.drawn().stream().flatMap(sheet -> sheet.data.stream()).distinct())
                .hasSize((int) expected);
    }
}
