package tollgate.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tollgate.ingest.Format;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.ReadAhead;
import tollgate.ingest.Recording;
import tollgate.ingest.Sidecar;
import tollgate.ingest.format.CsvWriter;
import tollgate.ingest.format.ParquetWriter;
import tollgate.ingest.format.TollWriter;
import tollgate.reports.Temporary;
import tollgate.reports.Timeline;

/** {@code tollgate convert}: any recording to CSV, Parquet or the packed format, all fields of its events kept, or to a timeline. */
@Command(
        name = "convert",
        header = "Convert a recording to CSV, Parquet, a packed form or a timeline.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Converts a recording: to .csv for everyone, to .parquet for pandas, DuckDB and Spark, to .toll (packed) to keep."
                    + " These three are read like any recording, with the same result. To .trace.json: a timeline for"
                    + " chrome://tracing or ui.perfetto.dev.",
            "",
            "The output appears when it is complete; an earlier file stays untouched until then. A sidecar comes along.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tollgate convert make.perf.data make.toll     # smaller, and read faster",
            "  tollgate convert make.perf.data make.parquet",
            "  tollgate convert make.toll make.trace.json"
        })
final class ConvertCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "IN", description = "a recording")
    private Path in;

    @Parameters(index = "1", paramLabel = "OUT", description = "NAME.csv, NAME.parquet, NAME.toll or NAME.trace.json")
    private Path out;

    @Option(names = "--format", paramLabel = "NAME", description = "format of the recording; default: recognised")
    private String format = "";

    @Mixin
    private Leniency leniency;

    @Override
    public Integer call() throws IOException {
        boolean isCsv = out.toString().endsWith(".csv");
        boolean isParquet = out.toString().endsWith(".parquet");
        boolean isTimeline = out.toString().endsWith(".trace.json");
        if (!isCsv && !isParquet && !isTimeline && !out.toString().endsWith(".toll")) {
            throw new ParameterException(
                    spec.commandLine(),
                    "expected an output ending in .csv, .parquet, .toll or .trace.json, found '" + out + "'");
        }
        Main.requireKnownFormat(spec, format);
        Path folder = out.toAbsolutePath().getParent();
        try (Input input = Input.of(in, leniency.damage())) {
            Format reader = format.isEmpty() ? Formats.recognise(input) : Formats.named(format);
            // Not createTempFile: that makes a file which nobody else may read, and it stays so when it is moved.
            Path temporary =
                    folder.resolve(".tollgate-" + ProcessHandle.current().pid() + ".part");
            try (Temporary gone = new Temporary(temporary)) {
                if (isCsv) {
                    try (Writer writer = Files.newBufferedWriter(temporary);
                            Writer buffered = new BufferedWriter(writer, 1 << 16)) {
                        CsvWriter.convert(reader, input, buffered);
                    }
                } else if (isTimeline) {
                    try (Recording recording = reader.open(input);
                            Writer writer = Files.newBufferedWriter(temporary)) {
                        Timeline.write(recording, writer);
                    }
                } else {
                    try (Recording recording = new ReadAhead(reader.open(input));
                            OutputStream stream = Files.newOutputStream(temporary)) {
                        if (isParquet) {
                            ParquetWriter.write(recording, stream);
                        } else {
                            TollWriter.write(recording, stream);
                        }
                    }
                }
                Files.move(gone.path(), out, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileSystemException e) {
                if (!temporary.toString().equals(e.getFile())) {
                    throw e;
                }
                throw new IOException(out + ": cannot be written in " + folder + why(e, folder), e);
            } catch (IOException e) {
                // The reader knows the place that he asked for, not the temporary one.
                String why = String.valueOf(e.getMessage()).replace(temporary.toString(), out.toString());
                throw new IOException(why.contains(out.toString()) ? why : out + ": " + why, e);
            }
        }
        if (!isTimeline) {
            takeSidecarAlong();
        }
        return 0;
    }

    private static String why(FileSystemException e, Path folder) {
        if (!Files.isDirectory(folder)) {
            return ", which is no folder";
        }
        return e.getReason() == null ? "" : " (" + e.getReason() + ")";
    }

    /** Without it another workload would be measured; one that is there already is left as it is, and told if it differs. */
    private void takeSidecarAlong() throws IOException {
        Optional<Path> from = Sidecar.beside(in);
        Optional<Path> there = Sidecar.beside(out);
        if (from.isPresent() && there.isEmpty()) {
            Path to = out.resolveSibling(out.getFileName() + ".yaml");
            Files.copy(from.get(), to);
            System.err.println("sidecar: " + to + ", a copy of " + from.get());
        } else if (from.isPresent() && Files.mismatch(from.get(), there.get()) >= 0) {
            System.err.println("sidecar: " + there.get() + " was there and differs from " + from.get());
        }
    }
}
