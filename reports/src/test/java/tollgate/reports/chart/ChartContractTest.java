package tollgate.reports.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Strategy;
import tollgate.reports.SampleComparison;
import tollgate.reports.chart.RecordingGraphics.Text;

/** What every chart must do at every size; a new chart gets these tests by being in the catalog. */
final class ChartContractTest {
    /** @param workloads of a made-up comparison */
    record Case(Chart chart, int workloads, int strategies, double width) {
        Comparison comparison() {
            return SampleComparison.of(workloads, strategies);
        }

        List<Sheet> sheets() {
            return chart.sheets(comparison(), width);
        }

        @Override
        public String toString() {
            return "%s, %d x %d at %.0f pt".formatted(chart.name(), workloads, strategies, width);
        }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Chart chart : Charts.all()) {
            for (int[] size : new int[][] {{1, 2}, {2, 15}, {3, 1}, {6, 6}, {20, 2}, {20, 15}}) {
                for (double width : new double[] {Sheet.COLUMN, Sheet.PAGE}) {
                    Case one = new Case(chart, size[0], size[1], width);
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
        assertThat(cases().filter(one -> one.workloads() == 20 && one.strategies() == 15))
                .hasSize(2 * Charts.all().size());
        assertThat(Charts.all())
                .extracting(Chart::name)
                .containsExactly("overhead", "exit-cost", "exit-rate", "entry-cost", "breakdown");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everythingLiesOnTheSheet(Case one) {
        for (Sheet sheet : one.sheets()) {
            assertThat(sheet.width()).isEqualTo(one.width());
            assertThat(sheet.height()).isBetween(20.0, Sheet.MAX_HEIGHT);
            Rectangle2D paper = new Rectangle2D.Double(-0.6, -0.6, sheet.width() + 1.2, sheet.height() + 1.2);
            RecordingGraphics drawn = RecordingGraphics.of(sheet);
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
        for (Sheet sheet : one.sheets()) {
            List<Text> texts = RecordingGraphics.of(sheet).texts;
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
        String drawn = one.sheets().stream()
                .flatMap(sheet -> RecordingGraphics.of(sheet).texts.stream())
                .map(text -> text.text().replace(" ", ""))
                .collect(Collectors.joining());
        Comparison comparison = one.comparison();
        List<String> names = comparison.workloads().get(0).strategies().stream()
                .skip(1)
                .map(Strategy::name)
                .toList();
        assertThat(names).allSatisfy(name -> assertThat(drawn).contains(name.replace(" ", "")));
        long named = comparison.workloads().stream()
                .filter(workload -> drawn.contains(workload.name().replace(" ", "")))
                .count();
        assertThat(named).isPositive();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theSameComparisonIsDrawnTheSame(Case one) {
        List<Sheet> once = one.sheets();
        List<Sheet> again = one.sheets();
        for (int i = 0; i < once.size(); i++) {
            RecordingGraphics first = RecordingGraphics.of(once.get(i));
            RecordingGraphics second = RecordingGraphics.of(again.get(i));
            assertThat(first.texts).isEqualTo(second.texts);
            assertThat(first.forms).isEqualTo(second.forms);
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
