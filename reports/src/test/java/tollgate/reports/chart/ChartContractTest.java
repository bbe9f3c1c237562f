package tollgate.reports.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Figure.Estimate;
import tollgate.reports.SampleComparison;
import tollgate.reports.chart.RecordingGraphics.Text;

/** What every chart must do at every size; a new chart gets these tests by being in the catalog. */
final class ChartContractTest {
    private static final Map<String, List<RecordingGraphics>> DRAWN = new ConcurrentHashMap<>();

    /** @param label tells the comparison */
    record Case(Chart chart, Comparison comparison, String label, double width) {
        List<Sheet> sheets() {
            return chart.sheets(comparison, width);
        }

        /** What is drawn, kept: the large ones take a while. */
        List<RecordingGraphics> drawn() {
            return DRAWN.computeIfAbsent(
                    toString(),
                    one -> sheets().stream().map(RecordingGraphics::of).toList());
        }

        @Override
        public String toString() {
            return "%s, %s at %.0f pt".formatted(chart.name(), label, width);
        }
    }

    private static final List<Case> CASES = made();

    static Stream<Case> cases() {
        return CASES.stream();
    }

    private static List<Case> made() {
        List<Case> cases = new ArrayList<>();
        for (String label : new String[] {"1x2", "3x1", "2x15", "20x2", "20x15", "nasty"}) {
            Comparison comparison = comparison(label);
            for (Chart chart : Charts.of(comparison)) {
                for (double width : new double[] {Sheet.COLUMN, Sheet.PAGE}) {
                    cases.add(new Case(chart, comparison, label, width));
                }
            }
        }
        return cases;
    }

    private static Comparison comparison(String label) {
        if (label.equals("nasty")) {
            return SampleComparison.nasty();
        }
        String[] size = label.split("x");
        return SampleComparison.of(Integer.parseInt(size[0]), Integer.parseInt(size[1]));
    }

    @Test
    void everyChartIsTestedAtTheLargestSize() {
        List<String> names =
                Charts.of(comparison("20x15")).stream().map(Chart::name).toList();
        assertThat(Charts.all())
                .allSatisfy(chart -> assertThat(names)
                        .anyMatch(name -> name.equals(chart.name())
                                || chart.name().startsWith("sweep-") && name.startsWith("sweep-")));
        assertThat(Charts.all())
                .extracting(Chart::name)
                .containsSubsequence(
                        "overhead",
                        "exit-cost",
                        "exit-rate",
                        "entry-cost",
                        "pareto",
                        "latency",
                        "breakdown",
                        "top-causes",
                        "tornado",
                        "sweep-curve",
                        "sweep-map",
                        "published");
        assertThat(names).doesNotHaveDuplicates();
    }

    /** A report of any size has at most twelve figures and two a workload, but for sweeps, which are asked for. */
    @Test
    void aReportHasNotTooManyFigures() {
        for (String label : new String[] {"1x2", "20x15"}) {
            long figures = Charts.of(comparison(label)).stream()
                    .filter(chart -> !(chart instanceof SweepFigure))
                    .count();
            assertThat(figures).isLessThanOrEqualTo(12);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everythingLiesOnTheSheet(Case one) {
        for (RecordingGraphics drawn : one.drawn()) {
            assertThat(drawn.sheet.width()).isEqualTo(one.width());
            assertThat(drawn.sheet.height()).isBetween(20.0, Sheet.MAX_HEIGHT);
            assertThat(drawn.texts).isNotEmpty();
            assertThat(drawn.forms).isNotEmpty();
            Rectangle2D paper =
                    new Rectangle2D.Double(-0.6, -0.6, drawn.sheet.width() + 1.2, drawn.sheet.height() + 1.2);
            drawn.texts.forEach(text -> within(paper, text.box(), text));
            drawn.forms.forEach(form -> within(paper, form.box(), form));
        }
    }

    private static void within(Rectangle2D paper, Rectangle2D box, Object drawn) {
        if (box.getX() < paper.getX()
                || box.getY() < paper.getY()
                || box.getMaxX() > paper.getMaxX()
                || box.getMaxY() > paper.getMaxY()) {
            throw new AssertionError(drawn + " is not on the sheet");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void noTwoTextsOverlap(Case one) {
        for (RecordingGraphics sheet : one.drawn()) {
            List<Text> texts = sheet.texts;
            for (int i = 0; i < texts.size(); i++) {
                for (int j = i + 1; j < texts.size(); j++) {
                    if (texts.get(i).box().intersects(texts.get(j).box())) {
                        throw new AssertionError(texts.get(i) + " and " + texts.get(j) + " overlap");
                    }
                }
            }
        }
    }

    /**
     * Numbers under lines say where the lines stand: in each row of them positions are linear in the values or in their
     * logarithms, and a mark whose figure the axis is of stands where its value says, its line where the interval says.
     */
    @ParameterizedTest
    @MethodSource("cases")
    void tickLabelsStandAtTheirValuesAndMarksAtTheirs(Case one) {
        for (RecordingGraphics sheet : one.drawn()) {
            List<Scale> scales = Scale.of(sheet);
            boolean isOfRows = List.of("overhead", "exit-cost", "entry-cost", "top-causes", "published")
                    .contains(one.chart().name());
            if (isOfRows) {
                assertThat(scales).as("axes with at least three ticks").hasSizeLessThanOrEqualTo(1);
                for (Scale scale : scales) {
                    sheet.forms.stream()
                            .filter(form -> form.datum() != null && form.datum().figure() instanceof Estimate)
                            .forEach(scale::holds);
                }
            }
        }
    }

    /** Figures of a chart of rows: one for each workload and strategy that it is of. */
    @ParameterizedTest
    @MethodSource("cases")
    void marksEqualRows(Case one) {
        long expected = Expected.marks(one.chart(), one.comparison());
        long marks = one.drawn().stream()
                .flatMap(sheet -> sheet.data.stream())
                .distinct()
                .count();
        assertThat(marks).isEqualTo(expected == Expected.UNTOLD ? marks : expected);
    }

    /** What has a sample in a legend is named there once in each plot. */
    @ParameterizedTest
    @MethodSource("cases")
    void theLegendNamesEachSeriesOnce(Case one) {
        if (!List.of("pareto", "latency", "breakdown").contains(one.chart().name())) {
            return;
        }
        boolean isOfParts = one.chart().name().equals("breakdown");
        for (RecordingGraphics sheet : one.drawn()) {
            Set<List<String>> series = sheet.data.stream()
                    .map(datum -> isOfParts ? List.of("", datum.part()) : List.of(datum.group(), datum.row()))
                    .collect(Collectors.toSet());
            Map<String, Long> plots =
                    series.stream().collect(Collectors.groupingBy(each -> each.get(1), Collectors.counting()));
            plots.forEach((name, count) -> {
                long named = sheet.texts.stream()
                        .filter(text -> text.text().equals(name) || text.text().equals(name + " (cannot tell)"))
                        .count();
                boolean isBroken = named == 0 && squeezed(sheet).contains(name.replace(" ", ""));
                assertThat(isBroken || named == count)
                        .as("'%s' is named %d times in %d plots", name, named, count)
                        .isTrue();
            });
        }
    }

    private static String squeezed(RecordingGraphics sheet) {
        return sheet.texts.stream().map(text -> text.text().replace(" ", "")).collect(Collectors.joining());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void allTypeIsTheEmbeddedOne(Case one) {
        for (RecordingGraphics sheet : one.drawn()) {
            assertThat(sheet.texts).extracting(Text::family).containsOnly("Liberation Sans");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyShownStrategyIsNamedInFull(Case one) {
        String drawn = one.drawn().stream()
                .flatMap(sheet -> sheet.texts.stream())
                .map(text -> text.text().replace(" ", ""))
                .collect(Collectors.joining());
        Comparison comparison = one.comparison();
        if (one.chart() instanceof Published) { // shows no strategies of the comparison but published cases
            assertThat(comparison.checks())
                    .allSatisfy(check -> assertThat(drawn)
                            .contains(Fonts.printable(check.what()).replace(" ", "")));
            return;
        }
        List<String> names = comparison.workloads().get(0).strategies().stream()
                .skip(1)
                .map(Strategy::name)
                .toList();
        assertThat(names)
                .allSatisfy(
                        name -> assertThat(drawn).contains(Fonts.printable(name).replace(" ", "")));
        long named = comparison.workloads().stream()
                .filter(workload ->
                        drawn.contains(Fonts.printable(workload.name()).replace(" ", "")))
                .count();
        assertThat(named).isPositive();
    }

    /** Marks equal rows: each says once what it shows, in drawing order, whatever the width and the breaks between sheets. */
    @ParameterizedTest
    @MethodSource("cases")
    void everyMarkSaysWhatItShows(Case one) {
        List<Datum> data = one.drawn().stream()
                .flatMap(sheet -> sheet.data.stream())
                .distinct()
                .toList();
        assertThat(data).isNotEmpty().allSatisfy(datum -> {
            assertThat(datum.text()).contains(datum.row());
            if (datum.figure() instanceof Estimate) {
                assertThat(datum.unit()).isNotBlank();
            }
        });
        double width = one.width() == Sheet.PAGE ? Sheet.COLUMN : Sheet.PAGE;
        Case other = new Case(one.chart(), one.comparison(), one.label(), width);
        assertThat(other.drawn().stream().flatMap(sheet -> sheet.data.stream()).distinct())
                .containsExactlyElementsOf(data);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theSameComparisonIsDrawnTheSame(Case one) {
        List<Sheet> again = one.sheets();
        for (int i = 0; i < again.size(); i++) {
            RecordingGraphics second = RecordingGraphics.of(again.get(i));
            assertThat(second.texts).isEqualTo(one.drawn().get(i).texts);
            assertThat(second.forms).isEqualTo(one.drawn().get(i).forms);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theCaptionIsWholeSentences(Case one) {
        assertThat(one.chart().caption(one.comparison()))
                .matches("[A-Z].*\\.")
                .contains(one.comparison().cpu().title());
        assertThat(one.chart().title()).isNotBlank();
        assertThat(one.chart().name()).matches("[a-z0-9-]+");
    }
}
