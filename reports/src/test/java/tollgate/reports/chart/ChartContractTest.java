package tollgate.reports.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private static final Map<Case, List<RecordingGraphics>> DRAWN = new ConcurrentHashMap<>();

    /** @param label tells the comparison */
    record Case(Chart chart, String label, double width) {
        Comparison comparison() {
            if (label.equals("nasty")) {
                return SampleComparison.nasty();
            }
            String[] size = label.split("x");
            return SampleComparison.of(Integer.parseInt(size[0]), Integer.parseInt(size[1]));
        }

        List<Sheet> sheets() {
            return chart.sheets(comparison(), width);
        }

        /** What is drawn, kept: the large ones take a while. */
        List<RecordingGraphics> drawn() {
            return DRAWN.computeIfAbsent(
                    this,
                    one -> one.sheets().stream().map(RecordingGraphics::of).toList());
        }

        @Override
        public String toString() {
            return "%s, %s at %.0f pt".formatted(chart.name(), label, width);
        }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Chart chart : Charts.all()) {
            for (String label : new String[] {"1x2", "2x15", "3x1", "6x6", "20x2", "20x15", "nasty"}) {
                for (double width : new double[] {Sheet.COLUMN, Sheet.PAGE}) {
                    Case one = new Case(chart, label, width);
                    if (chart.applies(one.comparison())) {
                        cases.add(one);
                    }
                }
            }
        }
        return cases.stream();
    }

    @Test
    void everyChartIsTestedAtTheLargestSize() {
        assertThat(cases().filter(one -> one.label().equals("20x15")))
                .hasSize(2 * Charts.all().size());
        assertThat(Charts.all())
                .extracting(Chart::name)
                .containsExactly(
                        "overhead",
                        "exit-cost",
                        "exit-rate",
                        "pareto",
                        "windows",
                        "entry-cost",
                        "breakdown",
                        "tornado",
                        "published");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everythingLiesOnTheSheet(Case one) {
        List<Sheet> sheets = one.sheets();
        for (int i = 0; i < sheets.size(); i++) {
            Sheet sheet = sheets.get(i);
            assertThat(sheet.width()).isEqualTo(one.width());
            assertThat(sheet.height()).isBetween(20.0, Sheet.MAX_HEIGHT);
            Rectangle2D paper = new Rectangle2D.Double(-0.6, -0.6, sheet.width() + 1.2, sheet.height() + 1.2);
            RecordingGraphics drawn = one.drawn().get(i);
            assertThat(drawn.texts)
                    .isNotEmpty()
                    .allSatisfy(text -> assertThat(paper.contains(text.box()))
                            .as("%s on the sheet", text)
                            .isTrue());
            assertThat(drawn.forms).isNotEmpty().allSatisfy(form -> {
                Rectangle2D box = form.box();
                assertThat(paper.contains(box.getX(), box.getY()) && paper.contains(box.getMaxX(), box.getMaxY()))
                        .as("%s on the sheet", form)
                        .isTrue();
            });
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void noTwoTextsOverlap(Case one) {
        for (RecordingGraphics sheet : one.drawn()) {
            List<Text> texts = sheet.texts;
            for (int i = 0; i < texts.size(); i++) {
                for (int j = i + 1; j < texts.size(); j++) {
                    assertThat(texts.get(i).box().intersects(texts.get(j).box()))
                            .as("%s and %s overlap", texts.get(i), texts.get(j))
                            .isFalse();
                }
            }
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
        Case other = new Case(one.chart(), one.label(), one.width() == Sheet.PAGE ? Sheet.COLUMN : Sheet.PAGE);
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
