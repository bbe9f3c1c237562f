package tollgate.reports;

import java.io.IOException;
import java.io.Writer;
import tollgate.analysis.Comparison;

/** The report as one web page: the same text, tables and figures as the PDF, in a file that loads nothing else. */
final class ReportWeb {
    private ReportWeb() {}

    static void write(Comparison comparison, Writer out) throws IOException {
        BundledFonts.install();
        out.append(ReportHtml.webPage(
                comparison,
                ReportPdf.resource("report.css") + ReportPdf.resource("web.css"),
                ReportPdf.resource("method.html"),
                ReportPdf.resource("web.js")));
    }
}
