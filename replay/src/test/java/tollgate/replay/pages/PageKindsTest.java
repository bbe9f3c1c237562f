package tollgate.replay.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

class PageKindsTest {
    private static final int DATA = 2;
    private static final int ENOUGH = 20;
    private static final Footprints FOOTPRINTS = Footprints.shipped();
    private static final PageKinds KINDS = FOOTPRINTS.kinds();
    private static final List<PageKinds.Row> ROWS = KINDS.rows().stream()
            .filter(row -> !row.isRough() && row.endTemplate() - row.firstTemplate() >= ENOUGH)
            .toList();

    @Test
    void userMemoryAndPageCacheAreTouchedAsOftenAsMeasured() {
        assertThat(ROWS).hasSizeGreaterThan(50);
        for (PageKinds.Row row : ROWS) {
            double target = row.target()[DATA];
            assertThat(KINDS.expected(row)[DATA])
                    .as(row.name())
                    .isCloseTo(target, within(Math.max(0.12, 0.05 * target)));
        }
    }

    @Test
    void allKindsTogetherAreThePagesTouched() {
        for (PageKinds.Row row : KINDS.rows()) {
            assertThat(Arrays.stream(KINDS.expected(row)).sum())
                    .as(row.name())
                    .isCloseTo(Arrays.stream(row.touched()).sum(), within(1e-9));
        }
    }

    /** Fitted were means; that the pages also come together as they do was not. */
    @Test
    void theShareOfInvocationsThatTouchDataIsTheMeasuredOne() throws IOException {
        Map<String, Double> measured = new HashMap<>();
        for (String[] cells : table()) {
            measured.put(cells[0] + ", " + cells[1] + ", " + cells[2], Double.valueOf(cells[9]));
        }
        double off = 0;
        int rows = 0;
        for (PageKinds.Row row : ROWS) {
            double share = 0;
            for (int template = row.firstTemplate(); template < row.endTemplate(); template++) {
                share += withData(template) / (row.endTemplate() - row.firstTemplate());
            }
            off += Math.abs(share - measured.get(row.name()));
            rows++;
        }
        assertThat(off / rows).isLessThan(0.03);
    }

    private static double withData(int template) {
        double none = 1;
        int from = FOOTPRINTS.partAccess[FOOTPRINTS.templatePart[template]];
        int to = FOOTPRINTS.partAccess[FOOTPRINTS.templatePart[template + 1]];
        for (int page : Arrays.stream(FOOTPRINTS.accesses, from, to)
                .map(access -> access >>> 2)
                .distinct()
                .toArray()) {
            double[] split = KINDS.split(page);
            none *= split == null ? 1 : 1 - split[PageClass.USER_MEM_DM.ordinal()];
        }
        return 1 - none;
    }

    @Test
    @EnabledIfSystemProperty(named = "tollgate.shared", matches = ".+")
    void theTableIsThatOfTheMeasuredInvocations() throws IOException {
        Set<String> programs = Arrays.stream(FOOTPRINTS.programs).collect(Collectors.toSet());
        Map<String, double[]> sums = new LinkedHashMap<>();
        Path invocations = Path.of(System.getProperty("tollgate.shared"), "footprints", "invocations.pti_off.csv.zst");
        try (Reader in =
                new InputStreamReader(new ZstdInputStream(Files.newInputStream(invocations)), StandardCharsets.UTF_8)) {
            for (CSVRecord invocation : CSVFormat.DEFAULT
                    .builder()
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .get()
                    .parse(in)) {
                String context = invocation.get("context");
                String program = programs.contains(context) ? context : "micro_" + context;
                if (invocation.get("kernel_version").startsWith("6.1.") && programs.contains(program)) {
                    add(sums, program, invocation);
                }
            }
        }
        List<String> expected = sums.entrySet().stream()
                .map(row -> row.getKey() + "\t" + cells(row.getValue()))
                .toList();
        assertThat(table().stream().map(cells -> String.join("\t", cells)))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    private static void add(Map<String, double[]> sums, String program, CSVRecord invocation) {
        boolean isNested = invocation.get("nested").equals("1");
        boolean isLoop = program.startsWith("micro_");
        String event = invocation.get("event");
        switch (event) {
            case "user_interval", "ret_from_fork" -> {}
            case "exc_page_fault" -> {
                String fault = isNested ? "page fault (kernel)" : "page fault (user)";
                if (!isLoop) {
                    add(sums, program, fault, "whole", invocation);
                    add(sums, "*", fault, "whole", invocation);
                }
            }
            case "sysvec_apic_timer_interrupt" -> add(sums, program, "vector 236", "whole", invocation);
            case "common_interrupt" -> add(sums, program, "vector 32", "whole", invocation);
            case "context_switch" -> add(sums, program, "context switch", "whole", invocation);
            default -> {
                if (!event.startsWith("exc_") && !event.startsWith("sysvec")) {
                    boolean isSocket = Set.of("redis", "micro_unix").contains(program)
                            && Set.of("read", "write").contains(event);
                    boolean isSwitched = invocation.get("blocked").equals("1");
                    String variant =
                            isSocket ? isSwitched ? "socket switched" : "socket" : isSwitched ? "switched" : "whole";
                    add(sums, program, event, variant, invocation);
                }
            }
        }
    }

    private static void add(
            Map<String, double[]> sums, String program, String event, String variant, CSVRecord invocation) {
        double[] sum = sums.computeIfAbsent(program + "\t" + event + "\t" + variant, key -> new double[7]);
        sum[0]++;
        List<String> kinds = List.of("dm_slab", "dm_pgtable", "dm_user_or_pagecache", "dm_free_at_end", "dm_other");
        for (int i = 0; i < kinds.size(); i++) {
            sum[1 + i] += Integer.parseInt(invocation.get(kinds.get(i)));
        }
        sum[6] += invocation.get("dm_user_or_pagecache").equals("0") ? 0 : 1;
    }

    private static String cells(double[] sum) {
        return (int) sum[0]
                + Arrays.stream(sum, 1, sum.length)
                        .mapToObj(each -> "\t" + mean(each / sum[0]))
                        .collect(Collectors.joining());
    }

    private static String mean(double value) {
        return String.format(java.util.Locale.ROOT, "%.3f", value).replaceAll("\\.?0+$", "");
    }

    private static List<String[]> table() throws IOException {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(PageKinds.class.getResourceAsStream("kinds.tsv"), StandardCharsets.US_ASCII))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t"))
                    .toList();
        }
    }
}
