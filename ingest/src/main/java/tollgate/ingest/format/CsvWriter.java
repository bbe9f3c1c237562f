package tollgate.ingest.format;

import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.util.Map;
import java.util.TreeSet;
import org.apache.commons.csv.CSVPrinter;
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;
import tollgate.ingest.Format;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;
import tollgate.ingest.Tally;

/**
 * Events as comma-separated values, a row each, that {@link CsvFormat} reads back without loss: {@code
 * time_ns,cpu,tid,pid,comm,kind,code,a,b}.
 *
 * <p>Comment lines before them say what the rows cannot: the coverage, the clock and the tally of the recording. They
 * are complete only when a recording has been read to its end, so {@link #convert} reads it twice.
 */
public final class CsvWriter implements Closeable {
    private final CSVPrinter printer;
    private final Names names;

    /**
     * Writes the comments and the header row.
     *
     * @param coverage and tally of the whole recording
     * @param names of the recording whose batches will be written
     */
    public CsvWriter(Writer out, Coverage coverage, Tally tally, Names names) throws IOException {
        this.names = names;
        printer = new CSVPrinter(out, CsvText.FORMAT);
        printer.printComment(CsvText.MAGIC);
        printer.printComment("scope " + coverage.scope());
        printer.printComment("clock " + coverage.clock());
        printer.printComment("cpus " + coverage.hasCpus());
        printer.printComment("processes " + coverage.hasProcesses());
        printer.printComment("certain " + coverage.isRecordedSetCertain());
        for (Kind kind : new TreeSet<>(coverage.recorded())) {
            printer.printComment("recorded " + kind);
        }
        for (Map.Entry<String, String> fact : tally.header().entrySet()) {
            printer.printComment("fact " + oneLine(fact.getKey()) + " = " + oneLine(fact.getValue()));
        }
        for (Map.Entry<String, Tally.Count> count : tally.tracepoints().entrySet()) {
            printer.printComment("tracepoint " + count.getValue().value() + " " + oneLine(count.getKey()));
        }
        for (Map.Entry<String, Tally.Count> count : tally.notes().entrySet()) {
            printer.printComment("note " + count.getValue().value() + " " + oneLine(count.getKey()));
        }
        printer.printComment("lost " + tally.lossReports() + " " + tally.lost());
        printer.printComment("out_of_order " + tally.outOfOrder());
        if (tally.skipped() > 0) {
            printer.printComment("skipped " + tally.skipped() + " " + oneLine(tally.firstSkipped()));
        }
        if (!tally.endsEarly().isEmpty()) {
            printer.printComment("ends_early " + oneLine(tally.endsEarly()));
        }
        for (String column : CsvText.COLUMNS) {
            printer.print(column);
        }
        printer.println();
    }

    /** Writes a row for each event. */
    public void write(Batch batch) throws IOException {
        for (int i = 0; i < batch.size(); i++) {
            Kind kind = batch.kind(i);
            printer.print(batch.time[i]);
            printer.print(batch.cpu[i]);
            printer.print(batch.tid[i]);
            printer.print(batch.pid[i]);
            printer.print(name(batch.comm[i]));
            printer.print(kind);
            printer.print(batch.code[i]);
            printer.print(batch.a[i]);
            if (CsvText.NAMED_B.contains(kind)) {
                printer.print(name((int) batch.b[i]));
            } else {
                printer.print(batch.b[i]);
            }
            printer.println();
        }
    }

    @Override
    public void close() throws IOException {
        printer.close(true);
    }

    /** Writes a whole recording. Reads it twice: what stands at the beginning is known at its end. */
    public static void convert(Format format, Input input, Writer out) throws IOException {
        Batch batch = new Batch();
        Coverage coverage;
        Tally tally;
        try (Recording first = format.open(input)) {
            while (first.read(batch)) {
                continue;
            }
            coverage = first.coverage();
            tally = first.tally();
        }
        try (Recording second = format.open(input);
                CsvWriter writer = new CsvWriter(out, coverage, tally, second.names())) {
            while (second.read(batch)) {
                writer.write(batch);
            }
        }
    }

    /** A cell, or none (not an empty one) for a name that is not told. */
    private String name(int id) {
        return id < 0 ? null : CsvText.cell(names.bytes(id));
    }

    /** A comment must not spill into the rows. */
    private static String oneLine(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }
}
