package tollgate.replay.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tollgate.ingest.Input;
import tollgate.replay.Access;
import tollgate.replay.Region;
import tollgate.replay.pages.PageTrace;

/**
 * Prediction against recording. The same program ran under a kernel without KPTI and under one with it and
 * without PCID. From the first recording KPTI's CR3 writes and page walks are predicted; the second holds the
 * writes themselves, and its walks follow from them.
 *
 * <p>The prediction knows where KPTI writes CR3: on a syscall after the user's stack pointer was stored to the
 * per-CPU area (arch/x86/entry/entry_64.S, entry_SYSCALL_64), on an exception before anything but the
 * entry stack is touched. The former costs a walk per syscall, since that page is walked on both sides.
 */
final class TwinsTest {
    /** Share of the recorded figure. The two runs are separate ones: timers, switches and allocations differ. */
    private static final double WALKS_WITHIN = 0.05;

    @Test
    void theShippedTwinsAgree() throws IOException {
        for (String program : List.of("micro_getpid", "micro_pipe_pingpong")) {
            Pair pair = Pair.of(GroundTruthTest.shipped().resolve("traces"), program);
            pair.check();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "tollgate.shared", matches = ".+")
    void allTwinsAgree() throws IOException {
        Path traces = Path.of(System.getProperty("tollgate.shared"), "footprints", "traces");
        List<String> programs;
        try (Stream<Path> files = Files.list(traces)) {
            programs = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".pti_on.pgt.zst"))
                    .map(name -> name.substring(0, name.indexOf('.')))
                    .sorted()
                    .toList();
        }
        System.out.println("program, CR3 writes per entry: predicted, recorded; of them KPTI's: predicted, recorded;"
                + " other mm and flush: predicted, recorded; walks per entry: predicted, recorded, off by");
        for (String program : programs) {
            Pair pair = Pair.of(traces, program);
            System.out.println(pair);
            pair.check();
        }
    }

    private record Pair(String program, Run predicted, Run recorded) {
        static Pair of(Path traces, String program) throws IOException {
            return new Pair(
                    program,
                    Run.of(traces, program + ".pti_off", /* isPredicting= */ true),
                    Run.of(traces, program + ".pti_on", /* isPredicting= */ false));
        }

        /** Two KPTI writes for each entry, but for an exit still to come when the recording ends. */
        void check() {
            assertThat(predicted.kptiWrites).as(program).isEqualTo(2 * predicted.entries - (predicted.isUser ? 0 : 1));
            assertThat(recorded.kptiWrites).as(program).isEqualTo(2 * recorded.entries);
            assertThat(walksOff()).as(program).isBetween(-WALKS_WITHIN, WALKS_WITHIN);
        }

        double walksOff() {
            return predicted.perEntry(predicted.walks) / recorded.perEntry(recorded.walks) - 1;
        }

        @Override
        public String toString() {
            return String.format(
                    "%-20s %.4f %.4f  %.4f %.4f  %.4f %.4f  %.2f %.2f  %+.2f %%",
                    program,
                    predicted.perEntry(predicted.kptiWrites + predicted.otherWrites),
                    recorded.perEntry(recorded.kptiWrites + recorded.otherWrites),
                    predicted.perEntry(predicted.kptiWrites),
                    recorded.perEntry(recorded.kptiWrites),
                    predicted.perEntry(predicted.otherWrites),
                    recorded.perEntry(recorded.otherWrites),
                    predicted.perEntry(predicted.walks),
                    recorded.perEntry(recorded.walks),
                    100 * walksOff());
        }
    }

    /**
     * One recording on a machine without PCID where only entry text and cpu_entry_area are global.
     *
     * <p>An IRET to user mode whose first instruction faults shows no return event, only the end of an interrupt
     * that never began: it leaves and enters the kernel like any other.
     */
    private static final class Run implements PageTrace.Sink {
        private final boolean isPredicting;
        private final ReferenceModel.EntryText entryText;
        private final Mmu mmu = new Mmu(ReferenceModel.GEOMETRY);
        private final Map<Long, Integer> nestedByTask = new HashMap<>();
        private long task;
        private boolean isUser = true;
        /** The next store is that of the user's stack pointer to the per-CPU area, which precedes the CR3 write. */
        private boolean isEntering;

        private long entries;
        private long kptiWrites;
        private long otherWrites;
        private long walks;

        Run(boolean isPredicting, ReferenceModel.EntryText entryText) {
            this.isPredicting = isPredicting;
            this.entryText = entryText;
        }

        static Run of(Path traces, String stream, boolean isPredicting) throws IOException {
            Run run = new Run(isPredicting, ReferenceModel.EntryText.of(stream));
            try (Input input = Input.of(traces.resolve(stream + ".pgt.zst"))) {
                PageTrace.read(input, run);
            }
            return run;
        }

        double perEntry(long count) {
            return (double) count / entries;
        }

        @Override
        public void access(long page, int type) {
            boolean isShared = page < 0
                    && (page >= entryText.first() && page <= entryText.last()
                            || Region.ofPage(page) == Region.ENTRY_AREA);
            if (mmu.access(page, Region.ofPage(page).leaf(), 0, isShared, type) >= Mmu.WALK) {
                walks++;
            }
            if (isEntering && type != Access.FETCH) {
                isEntering = false;
                mmu.flushNonGlobal();
            }
        }

        @Override
        public void event(int code, long instructions, long loads, long stores, long argument) {
            int nested = nestedByTask.getOrDefault(task, 0);
            switch (code) {
                case PageTrace.SYSCALL_ENTRY -> {
                    entries++;
                    isUser = false;
                    isEntering = isPredicting;
                    kptiWrites += isPredicting ? 1 : 0;
                }
                case PageTrace.EXCEPTION_ENTRY -> {
                    if (isUser) {
                        enter();
                    } else {
                        nestedByTask.put(task, nested + 1);
                    }
                }
                case PageTrace.KERNEL_RETURN -> {
                    if (nested > 0) {
                        nestedByTask.put(task, nested - 1);
                    } else {
                        leave();
                    }
                }
                case PageTrace.USER_RETURN -> leave();
                case PageTrace.TASK -> task = argument;
                case PageTrace.CR3_WRITE -> {
                    if (argument == PageTrace.CR3_KPTI) {
                        kptiWrites++;
                    } else {
                        otherWrites++;
                    }
                    mmu.flushNonGlobal();
                }
                default -> {}
            }
        }

        private void enter() {
            isUser = false;
            entries++;
            cross();
        }

        private void leave() {
            if (!isUser) {
                isUser = true;
                cross();
            }
        }

        private void cross() {
            if (isPredicting) {
                kptiWrites++;
                mmu.flushNonGlobal();
            }
        }
    }
}
