package tollgate.replay.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tollgate.ingest.Syscalls;
import tollgate.replay.Access;
import tollgate.replay.Region;
import tollgate.replay.Steps;

/** What is drawn against what was measured by another program of the same kernel: counts per event, and fixed pages. */
class DrawnFootprintsTest {
    private static final Footprints SHIPPED = Footprints.shipped();
    private static final int DRAWS = 400;
    /** The fetch before the entry mark counts here and not there; a page that is once one's own and once a peer's counts twice. */
    private static final double SLACK = 0.06;

    private final PageStream stream = new PageStream(SHIPPED, 3);
    private final Steps out = new Steps(1 << 14);

    static List<String> expectedPages() throws IOException {
        return lines("expected-pages.csv");
    }

    @ParameterizedTest
    @MethodSource("expectedPages")
    void meanDistinctPagesLieWithinTheSpreadOfTheContexts(String row) {
        String[] cells = row.split(",");
        double sum = 0;
        for (int i = 0; i < DRAWS; i++) {
            sum += kernelPages(cells[0], cells[1], i).size();
        }
        assertThat(sum / DRAWS)
                .isBetween(Double.parseDouble(cells[2]) * (1 - SLACK), Double.parseDouble(cells[3]) * (1 + SLACK));
    }

    @Test
    void fixedPagesThatAnEventAlwaysTouchesAreInEveryDrawSoEventsOverlapAsMeasured() throws IOException {
        for (String row : lines("always-touched.csv")) {
            String[] cells = row.split(",");
            long page = Long.parseLong(cells[0], 16) | -1L << 52;
            for (String event : cells[1].split(" ")) {
                int missing = 0;
                for (int i = 0; i < 50; i++) {
                    missing += kernelPages(event, "unblocked", i).contains(page) ? 0 : 1;
                }
                assertThat(missing).as("%s without page %s", event, cells[0]).isZero();
            }
        }
    }

    private Set<Long> kernelPages(String event, String variant, int position) {
        out.clear();
        stream.forget(1); // a task that has done nothing yet
        int nr = Syscalls.number(event);
        boolean fromUser = variant.equals("from_user");
        switch (event) {
            case "exc_page_fault" -> stream.fault(out, fromUser, 0, 1, 1, position);
            case "sysvec_apic_timer_interrupt" -> stream.interrupt(out, 236, fromUser, 1, 1, position);
            case "common_interrupt" -> stream.interrupt(out, 33, fromUser, 1, 1, position);
            case "context_switch" -> stream.contextSwitch(out, 1, 1, 2, 2, position);
            case "ret_from_fork" -> stream.newTask(out, 1, 1, position);
            default -> {
                if (variant.equals("blocked")) {
                    stream.syscallBlocks(out, nr, 1, 1, -1, position);
                    stream.syscallResumes(out, 1, 1, false, position);
                } else {
                    stream.syscall(out, nr, 1, 1, false, -1, position);
                }
            }
        }
        Set<Long> pages = new HashSet<>();
        for (int i = 0; i < out.size(); i++) {
            if (Access.region(out.words()[i]) != Region.USER) {
                pages.add(Access.page(out.words()[i]));
            }
        }
        return pages;
    }

    private static List<String> lines(String resource) throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                DrawnFootprintsTest.class.getResourceAsStream(resource), StandardCharsets.US_ASCII))) {
            return in.lines().filter(line -> !line.startsWith("#")).skip(1).toList();
        }
    }
}
