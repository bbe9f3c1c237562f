package tollgate.replay.mmu;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;
import tollgate.ingest.BadInput;
import tollgate.ingest.Input;
import tollgate.replay.pages.PageTrace;

/**
 * Judges the simulated MMU by measured page-access traces and the miss counts that another program, the one
 * that recorded them, found for a simple TLB. Every cell must be equal: a deterministic model has no tolerance.
 *
 * <p>It judges lookup, replacement, tags and flushes. Paging-structure caches are not in those expectations.
 */
public final class GroundTruth {
    /** Columns of an expectation file that name the run; all others are counts. */
    private static final Set<String> KEYS = Set.of("trace", "policy", "kernel_version", "pti_kernel", "context");

    /** Contexts whose trace is their whole window, so that the totals of the context hold for it. */
    private static final Map<String, String> WHOLE = Map.of(
            "6.1.0-56-amd64 mixed", "mixed",
            "6.12.117+deb12-amd64 mixed", "k612_mixed",
            "6.1.0-56-amd64 getpid", "micro_getpid");

    private GroundTruth() {}

    /** One cell of an expectation file. */
    public record Row(String stream, String policy, String cell, long expected, long got) {
        public boolean isExact() {
            return expected == got;
        }
    }

    /** Where the trace of a stream lies. */
    @FunctionalInterface
    public interface Traces {
        Input of(String stream) throws IOException;
    }

    /**
     * Checks every cell of {@code trace_tlb_expected.csv} and of {@code context_tlb_totals.csv}, as far as a trace
     * is its context's whole window.
     *
     * @param footprints folder with both files and the traces in {@code traces}
     * @throws BadInput if a trace or file is missing or damaged
     */
    public static List<Row> check(Path footprints) throws IOException {
        Traces traces = stream -> Input.of(footprints.resolve("traces").resolve(stream + ".pgt.zst"));
        Map<String, List<CSVRecord>> expected = new LinkedHashMap<>();
        for (String file : List.of("trace_tlb_expected.csv", "context_tlb_totals.csv")) {
            Path path = footprints.resolve(file);
            if (!Files.isReadable(path)) {
                throw new BadInput(path.toString(), "no such file; give the folder that holds it and traces/");
            }
            try (Reader in = Files.newBufferedReader(path)) {
                addByStream(in, expected);
            } catch (CharacterCodingException | CSVException | IllegalArgumentException e) {
                String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
                throw new BadInput(
                        path.toString(),
                        "expected a CSV table in UTF-8 with the columns trace, or kernel_version, pti_kernel and context: "
                                + BadInput.show(why, 120));
            }
        }
        return check(expected, traces, Mmu::new);
    }

    /** Checks the expectations of one file. */
    static List<Row> check(Reader expectations, Traces traces, Function<Geometry, Translator> mmus) throws IOException {
        Map<String, List<CSVRecord>> expected = new LinkedHashMap<>();
        addByStream(expectations, expected);
        return check(expected, traces, mmus);
    }

    /** Reads each trace once, with one model for each policy. */
    private static List<Row> check(
            Map<String, List<CSVRecord>> expected, Traces traces, Function<Geometry, Translator> mmus)
            throws IOException {
        List<Row> rows = new ArrayList<>();
        for (Map.Entry<String, List<CSVRecord>> entry : expected.entrySet()) {
            String stream = entry.getKey();
            entry.getValue().forEach(row -> validate(stream, row));
            Map<String, ReferenceModel> models = new LinkedHashMap<>();
            for (CSVRecord row : entry.getValue()) {
                models.computeIfAbsent(
                        row.get("policy"),
                        policy -> new ReferenceModel(
                                policy, ReferenceModel.EntryText.of(stream), mmus.apply(ReferenceModel.GEOMETRY)));
            }
            try (Input input = traces.of(stream)) {
                PageTrace.read(input, new Fan(models.values().toArray(PageTrace.Sink[]::new)));
            }
            for (CSVRecord row : entry.getValue()) {
                compare(stream, row, models.get(row.get("policy")), rows);
            }
        }
        return rows;
    }

    private static void addByStream(Reader expectations, Map<String, List<CSVRecord>> byStream) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setHeader()
                .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
                .setSkipHeaderRecord(true)
                .get();
        try (var records = format.parse(expectations)) {
            for (CSVRecord row : records) {
                String stream = stream(row);
                if (!stream.isEmpty()) {
                    byStream.computeIfAbsent(stream, s -> new ArrayList<>()).add(row);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** The trace that a row is about, empty if there is none. */
    private static String stream(CSVRecord row) {
        if (row.isMapped("trace")) {
            return row.get("trace");
        }
        String whole = WHOLE.get(row.get("kernel_version") + " " + row.get("context"));
        return whole == null ? "" : whole + ".pti_" + row.get("pti_kernel");
    }

    /** @throws BadInput if a row names a policy or count that the model does not have, or a count is no number */
    private static void validate(String stream, CSVRecord row) {
        String place = "expectations of " + stream + ", row " + row.getRecordNumber();
        if (!row.isMapped("policy") || !row.isConsistent()) {
            throw new BadInput(place, "expected as many values as columns, one of them 'policy'");
        }
        if (!ReferenceModel.isPolicy(row.get("policy"))) {
            throw new BadInput(place, "unknown policy '" + BadInput.show(row.get("policy"), 40) + "'");
        }
        row.toMap().forEach((column, value) -> {
            if (!KEYS.contains(column) && !ReferenceModel.CELLS.contains(column)) {
                throw new BadInput(place, "unknown count '" + BadInput.show(column, 40) + "'");
            }
            if (!KEYS.contains(column) && !value.matches("\\d{1,18}")) {
                throw new BadInput(place, column + ": expected a count, found '" + BadInput.show(value, 40) + "'");
            }
        });
    }

    private static void compare(String stream, CSVRecord expected, ReferenceModel model, List<Row> rows) {
        expected.toMap().forEach((column, value) -> {
            if (!KEYS.contains(column)) {
                rows.add(new Row(stream, model.name(), column, Long.parseLong(value), model.cell(column)));
            }
        });
    }

    /** One trace for several sinks. */
    private static final class Fan implements PageTrace.Sink {
        private final PageTrace.Sink[] sinks;

        Fan(PageTrace.Sink[] sinks) {
            this.sinks = sinks;
        }

        @Override
        public void access(long page, int type) {
            for (PageTrace.Sink sink : sinks) {
                sink.access(page, type);
            }
        }

        @Override
        public void event(int code, long instructions, long loads, long stores, long argument) {
            for (PageTrace.Sink sink : sinks) {
                sink.event(code, instructions, loads, stores, argument);
            }
        }
    }
}
