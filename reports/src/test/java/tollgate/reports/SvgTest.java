package tollgate.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import tollgate.analysis.Comparison;
import tollgate.reports.chart.Chart;
import tollgate.reports.chart.Charts;
import tollgate.reports.chart.Datum;
import tollgate.reports.chart.Fonts;
import tollgate.reports.chart.Sheet;

final class SvgTest {
    @Test
    void shapesBecomePathsInPoints() throws IOException {
        Sheet sheet = new Sheet(20, 10, g -> {
            g.scale(0.5, 0.5);
            g.setColor(new Color(0x0072b2));
            g.fill(new Rectangle2D.Double(2, 2, 4, 6));
            g.setStroke(new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {4, 2}, 0));
            g.clip(new Rectangle2D.Double(0, 0, 10, 10));
            g.draw(new Line2D.Double(0, 1, 3, 1));
        });
        StringBuilder out = new StringBuilder();
        Svg.write(sheet, "a <title>", out);
        assertThat(out.toString()).isEqualTo("""
                        <svg xmlns="http://www.w3.org/2000/svg" width="20pt" height="10pt" viewBox="0 0 20 10" role="img">
                        <title>a &lt;title&gt;</title>
                        <rect width="100%" height="100%" fill="#fff"/>
                        <clipPath id="c0"><path d="M0 0L5 0L5 5L0 5L0 0Z"/></clipPath>
                        <g font-family="Liberation Sans, Arial, Helvetica, sans-serif">
                        <path d="M1 1L3 1L3 4L1 4L1 1Z" fill="#0072b2"/>
                        <path d="M0 0.5L1.5 0.5" fill="none" stroke="#0072b2" stroke-width="0.5" stroke-dasharray="2 1" clip-path="url(#c0)"/>
                        </g>
                        </svg>
                        """);
    }

    @Test
    void textKeepsItsWidthAndIsEscaped() throws IOException {
        Sheet sheet = new Sheet(100, 10, g -> {
            g.setFont(Fonts.BOLD);
            g.setColor(Color.BLACK);
            g.drawString("<&>", 1f, 8f);
        });
        StringBuilder out = new StringBuilder();
        Svg.write(sheet, "t", out);
        assertThat(out.toString())
                .containsPattern("<text x=\"1\" y=\"8\" font-size=\"7\" font-weight=\"bold\" textLength=\"[0-9.]+\" "
                        + "lengthAdjust=\"spacingAndGlyphs\" fill=\"#000000\">&lt;&amp;&gt;</text>");
    }

    @Test
    void everyChartIsWellFormedAndHoldsItsNamesAsText() throws Exception {
        Comparison comparison = SampleComparison.usual();
        for (Chart chart : Charts.of(comparison)) {
            StringBuilder out = new StringBuilder();
            Svg.write(chart.sheets(comparison, Sheet.COLUMN).get(0), chart.title(), out);
            Document document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(out.toString().getBytes(StandardCharsets.UTF_8)));
            NodeList nodes = document.getElementsByTagName("text");
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < nodes.getLength(); i++) {
                texts.add(nodes.item(i).getTextContent());
            }
            String drawn = String.join("", texts).replace(" ", "");
            List<Datum> data =
                    FigureData.of(chart.sheets(comparison, Sheet.COLUMN).subList(0, 1));
            assertThat(data)
                    .as(chart.name())
                    .isNotEmpty()
                    .allMatch(datum -> drawn.contains(
                            (chart.name().startsWith("sweep-") ? datum.group() : datum.row()).replace(" ", "")));
        }
    }
}
