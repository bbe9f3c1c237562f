package tollgate.reports;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tollgate.analysis.Comparison;
import tollgate.reports.chart.Chart;
import tollgate.reports.chart.Charts;
import tollgate.reports.chart.Sheet;

/** Draws every chart of a made-up comparison, to be looked at: {@code Look WORKLOADS STRATEGIES FOLDER}. */
public final class Look {
    private Look() {}

    public static void main(String[] args) throws Exception {
        Comparison comparison = SampleComparison.of(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
        Path folder = Files.createDirectories(Path.of(args[2]));
        for (Chart chart : Charts.of(comparison)) {
            List<Sheet> sheets = chart.sheets(comparison, Sheet.COLUMN);
            for (int i = 0; i < sheets.size(); i++) {
                long start = System.nanoTime();
                try (OutputStream out = Files.newOutputStream(folder.resolve(chart.name() + "-" + i + ".png"))) {
                    FigureFiles.png(sheets.get(i), out);
                }
                long middle = System.nanoTime();
                try (OutputStream out = Files.newOutputStream(folder.resolve(chart.name() + "-" + i + ".pdf"))) {
                    FigureFiles.pdf(sheets.get(i), chart.title(), out);
                }
                System.out.printf(
                        "%s-%d png %d ms, pdf %d ms%n",
                        chart.name(), i, (middle - start) / 1_000_000, (System.nanoTime() - middle) / 1_000_000);
            }
        }
    }
}
