package tollgate.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** What the check of a report's figures lets through, and that it finds the rest. */
final class ReportFiguresTest {
    private static String page(String body) {
        return "<html><body><h3>Added time, %</h3>" + body + "</body></html>";
    }

    private static String table(String corner, String cell) {
        return page("<table><thead><tr><th>" + corner + "</th><th>kpti</th></tr></thead><tbody><tr><td>redis</td><td>"
                + cell + "</td></tr></tbody></table>");
    }

    @Test
    void everyFigureOfTheSampleHasIntervalAndUnit() throws IOException {
        StringWriter out = new StringWriter();
        ReportWeb.write(SampleComparison.usual(), out);
        assertThat(ReportFigures.check(out.toString())).isGreaterThan(300);
    }

    @Test
    void aFigureWithItsIntervalPasses() throws IOException {
        assertThat(ReportFigures.check(table("workload", "1.2 [0.9, 2.1]"))).isEqualTo(1);
        assertThat(ReportFigures.check(table("workload", "0"))).isZero();
        assertThat(ReportFigures.check(table("workload", "cannot tell<sup>2</sup>")))
                .isZero();
        assertThat(ReportFigures.check(page("<p>redis pays 1.2\u00a0% [0.9, 2.1] and 7 [3, 9]\u00a0%.</p>")))
                .isZero();
    }

    @Test
    void aBareFigureIsFound() {
        assertThatThrownBy(() -> ReportFigures.check(table("workload", "1.2")))
                .hasMessageContaining("interval of workload | redis | kpti: 1.2");
        assertThatThrownBy(() -> ReportFigures.check(table("some new table", "1.2")))
                .hasMessageContaining("interval of some new table");
        assertThatThrownBy(() -> ReportFigures.check(page("<p>redis pays 1.2\u00a0% under kpti.</p>")))
                .hasMessageContaining("redis pays 1.2");
        assertThatThrownBy(() -> ReportFigures.check(page("<ul><li>That is 300 cycles more.</li></ul>")))
                .hasMessageContaining("300 cycles");
    }

    @Test
    void aFigureWithoutAUnitIsFound() {
        assertThatThrownBy(() ->
                        ReportFigures.check(table("workload", "1.2 [0.9, 2.1]").replace("Added time, %", "Added time")))
                .hasMessageContaining("unit of workload | redis | kpti");
    }
}
