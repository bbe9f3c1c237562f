package tollgate.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import tollgate.analysis.Comparison;
import tollgate.reports.chart.Charts;
import tollgate.reports.chart.Sheet;

final class ReportWebTest {
    @TempDir
    Path home;

    @Test
    void everyFigureStandsInThePageWithMarksThatSayWhatTheyShow() throws Exception {
        Comparison usual = SampleComparison.usual();
        Document page = parsed(usual);
        long sheets = Charts.of(usual).stream()
                .mapToLong(chart -> chart.sheets(usual, Sheet.PAGE).size())
                .sum();
        assertThat(page.getElementsByTagName("svg").getLength()).isEqualTo((int) sheets);
        assertThat(page.getElementsByTagName("object").getLength()).isZero();
        List<String> titles = texts(page, "title");
        assertThat(titles).contains("made-up web server, kpti: 0.053 [0.045, 0.065] %");
    }

    @Test
    void idsAreUniqueAndLinksAndClipsLeadToThem() throws Exception {
        String page = page(SampleComparison.usual());
        List<String> ids = all(page, " id=\"([^\"]*)\"");
        assertThat(new HashSet<>(ids)).hasSameSizeAs(ids);
        Set<String> used = new HashSet<>(all(page, "href=\"#([^\"]*)\""));
        used.addAll(all(page, "url\\(#([^)]*)\\)"));
        assertThat(ids).containsAll(used);
    }

    @Test
    void nothingIsLoadedFromElsewhere() throws Exception {
        String page = page(SampleComparison.usual()).replace("http://www.w3.org/2000/svg", "");
        assertThat(page).doesNotContainPattern("(src|srcset|data|action)=|@import|url\\((?!#)|<link|<base|fetch\\(");
        assertThat(all(page, "href=\"([^\"]*)\"")).allMatch(link -> link.startsWith("#"));
    }

    @Test
    void whatARecordingSaysIsTextAndNoMarkup() throws Exception {
        String evil = "</title><script>alert(1)</script><img src=x onerror=alert(2)>\u0000\u001b[2J&\"'";
        Comparison usual = SampleComparison.of(1, 1);
        Comparison.Workload workload = usual.workloads().get(0);
        Comparison named = new Comparison(
                usual.cpu(),
                List.of(new Comparison.Workload(
                        evil, workload.trace(), workload.strategies(), List.of(evil), workload.uncertainty())),
                List.of(evil),
                List.of(evil),
                Map.of(evil, evil));
        Document page = parsed(named);
        assertThat(page.getElementsByTagName("img").getLength()).isZero();
        assertThat(page.getElementsByTagName("script").getLength()).isZero();
        parsed(SampleComparison.nasty());
    }

    /** Run with {@code -Dtollgate.chromium=/usr/bin/chromium}. */
    @Test
    void aBrowserSortsTheSummary() throws Exception {
        String browser = System.getProperty("tollgate.chromium", "");
        assumeTrue(!browser.isEmpty(), "no browser named");
        String page = page(SampleComparison.usual());
        String click = "<script>document.querySelector('table thead').rows[0].cells[1].firstChild.click();</script>";
        Path file = Files.writeString(home.resolve("page.html"), page.replace("</body>", click + "</body>"));
        Process process = new ProcessBuilder(
                        browser,
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--dump-dom",
                        file.toUri().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String dom = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        String table = dom.substring(dom.indexOf("<table"), dom.indexOf("</table>"));
        // kpti: 0.025 on the build, 0.033 on the thread, 0.048 on the database, 0.053 on the web server.
        assertThat(all(table, "<td class=\"name\">([^<&]*)"))
                .containsExactly("made-up ", "=made-up(thread)", "made-up database", "made-up web server");
        assertThat(table).contains("aria-sort=\"ascending\"");
    }

    private static String page(Comparison comparison) throws IOException {
        StringWriter out = new StringWriter();
        ReportWeb.write(comparison, out);
        return out.toString();
    }

    /** The page without its script is well-formed XML, so that nothing foreign can have opened or closed an element. */
    private static Document parsed(Comparison comparison) throws Exception {
        String page = page(comparison);
        int script = page.lastIndexOf("<script>");
        String markup = page.substring(page.indexOf("<html"), script) + "</body></html>";
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(markup.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> texts(Document page, String tag) {
        NodeList nodes = page.getElementsByTagName(tag);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent().replace('\u00a0', ' '));
        }
        return texts;
    }

    private static List<String> all(String text, String pattern) {
        List<String> all = new ArrayList<>();
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            all.add(matcher.group(1));
        }
        return all;
    }
}
