package tollgate.replay.mmu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tollgate.ingest.BadInput;
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
 *
 * @param program that ran
 * @param predicted from the recording without KPTI
 * @param recorded with it
 */
public record Twins(String program, Side predicted, Side recorded) {
    /** Share of the recorded walks within which the prediction shall lie: timers, switches and allocations differ from run to run. */
    public static final double WALKS_WITHIN = 0.05;

    private static final String OFF = ".pti_off";
    private static final String ON = ".pti_on";
    private static final String ENDING = ".pgt.zst";

    /**
     * What one side counts.
     *
     * @param entries into the kernel
     * @param exits from it
     * @param kptiWrites of CR3, at entries and exits
     * @param otherWrites of CR3: another address space, a flush
     * @param walks of page tables
     */
    public record Side(long entries, long exits, long kptiWrites, long otherWrites, long walks) {
        public double perEntry(long count) {
            return (double) count / entries;
        }
    }

    /**
     * The twins among the recordings of a folder, by name of the program.
     *
     * @throws BadInput if there are none, or one is damaged
     */
    public static List<Twins> of(Path traces) throws IOException {
        List<String> programs;
        try (Stream<Path> files = Files.list(traces)) {
            programs = files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(ON + ENDING))
                    .map(name -> name.substring(0, name.length() - (ON + ENDING).length()))
                    .filter(name -> Files.isReadable(traces.resolve(name + OFF + ENDING)))
                    .sorted()
                    .toList();
        }
        if (programs.isEmpty()) {
            throw new BadInput(traces.toString(), "no recording of a program with page-table isolation and without");
        }
        List<Twins> all = new ArrayList<>();
        for (String program : programs) {
            all.add(of(traces, program));
        }
        return all;
    }

    static Twins of(Path traces, String program) throws IOException {
        return new Twins(
                program,
                Run.of(traces, program + OFF, /* isPredicting= */ true),
                Run.of(traces, program + ON, /* isPredicting= */ false));
    }

    /** Two writes of KPTI's an entry, but for an exit still to come when the recording ends: on both sides. */
    public boolean areWritesExact() {
        return predicted.kptiWrites == predicted.entries + predicted.exits
                && recorded.kptiWrites == 2 * recorded.entries;
    }

    /** Walks an entry that are predicted over those that are recorded. */
    public double walks() {
        return predicted.perEntry(predicted.walks) / recorded.perEntry(recorded.walks);
    }

    public boolean areWalksWithin() {
        return Math.abs(walks() - 1) <= WALKS_WITHIN;
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
        private long exits;
        private long kptiWrites;
        private long otherWrites;
        private long walks;

        Run(boolean isPredicting, ReferenceModel.EntryText entryText) {
            this.isPredicting = isPredicting;
            this.entryText = entryText;
        }

        static Side of(Path traces, String stream, boolean isPredicting) throws IOException {
            Run run = new Run(isPredicting, ReferenceModel.EntryText.of(stream));
            try (Input input = Input.of(traces.resolve(stream + ENDING))) {
                PageTrace.read(input, run);
            }
            return new Side(run.entries, run.exits, run.kptiWrites, run.otherWrites, run.walks);
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
                exits++;
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
