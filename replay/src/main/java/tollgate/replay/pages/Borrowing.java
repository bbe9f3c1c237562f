package tollgate.replay.pages;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.TreeMap;
import tollgate.ingest.ExitReason;
import tollgate.ingest.Syscalls;
import tollgate.replay.Cause;

/**
 * Whose pages an event takes when it has no footprint of its own: the table borrowing.tsv as a chain, one
 * step at a time.
 */
final class Borrowing {
    private static final int NONE = -1;
    /** Vectors from 0x20 to below the local timer's are devices' (arch/x86/include/asm/irq_vectors.h). */
    private static final int FIRST_DEVICE = 0x20;

    private static final int LOCAL_TIMER = 0xec;
    /** Linux interrupt numbers start here, see {@link Cause}. */
    private static final int LINUX_INTERRUPT = 0x1000;

    private static final int TIMER = Cause.of(Cause.Family.INTERRUPT, LOCAL_TIMER);
    /** The commonest exit to user space. */
    private static final int REENTRY_AFTER_IO =
            Cause.of(Cause.Family.VM_REENTRY, ExitReason.idOf(ExitReason.SVM, "io"));

    private static final int DEVICE = Cause.of(Cause.Family.INTERRUPT, PageStream.DEVICE_VECTOR);

    private final int[] borrower;
    private final int[] lender;
    private final int[] ofFamily = new int[EventFamily.values().length];
    private final int[] ofIsa = new int[4];

    Borrowing() {
        TreeMap<Integer, Integer> table = new TreeMap<>();
        java.util.Arrays.fill(ofFamily, Cause.of(Cause.Family.SYSCALL, Syscalls.number("prctl")));
        try (BufferedReader rows = new BufferedReader(new InputStreamReader(
                Borrowing.class.getResourceAsStream("borrowing.tsv"), StandardCharsets.US_ASCII))) {
            for (String row = rows.readLine(); row != null; row = rows.readLine()) {
                if (!row.startsWith("#")) {
                    read(row.split("\t"), table);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        borrower = table.keySet().stream().mapToInt(Integer::intValue).toArray();
        lender = table.values().stream().mapToInt(Integer::intValue).toArray();
    }

    private void read(String[] cells, TreeMap<Integer, Integer> table) {
        switch (cells[0]) {
            case "syscall" -> table.put(syscall(cells[1]), syscall(cells[2]));
            case "family" ->
                ofFamily[EventFamily.valueOf(cells[1].toUpperCase(Locale.ROOT)).ordinal()] = syscall(cells[2]);
            case "svm" -> exit(ExitReason.SVM, cells, table);
            case "vmx" -> exit(ExitReason.VMX, cells, table);
            default -> throw new IllegalStateException("borrowing.tsv: unknown kind " + cells[0]);
        }
    }

    private void exit(int isa, String[] cells, TreeMap<Integer, Integer> table) {
        int from = known(ExitReason.idOf(ExitReason.SVM, cells[2]), cells[2]);
        if (cells[1].equals("*")) {
            ofIsa[isa] = from;
        } else {
            int reason = known(ExitReason.idOf(isa, cells[1]), cells[1]);
            table.put(Cause.of(Cause.Family.VM_EXIT, reason), Cause.of(Cause.Family.VM_EXIT, from));
            table.put(Cause.of(Cause.Family.VM_REENTRY, reason), Cause.of(Cause.Family.VM_REENTRY, from));
        }
    }

    private static int syscall(String name) {
        return Cause.of(Cause.Family.SYSCALL, known(Syscalls.number(name), name));
    }

    private static int known(int number, String name) {
        if (number < 0) {
            throw new IllegalStateException("borrowing.tsv: unknown name " + name);
        }
        return number;
    }

    /** Where an event's footprint stands, if it has one: all devices share one. */
    static int home(int cause) {
        int number = Cause.number(cause);
        boolean device = number >= LINUX_INTERRUPT || number >= FIRST_DEVICE && number < LOCAL_TIMER;
        return Cause.family(cause) == Cause.Family.INTERRUPT && device ? DEVICE : cause;
    }

    /** The event that lends its pages to this one, or -1 at the end of the chain. */
    int next(int cause) {
        int low = java.util.Arrays.binarySearch(borrower, cause);
        if (low >= 0) {
            return lender[low];
        }
        int number = Cause.number(cause);
        int last = switch (Cause.family(cause)) {
            case SYSCALL -> ofFamily[EventFamily.ofCause(cause).ordinal()];
            case FAULT -> Cause.USER_FAULT;
            case INTERRUPT -> cause == TIMER ? DEVICE : TIMER;
            case SWITCH, UNKNOWN -> NONE;
            case VM_EXIT -> Cause.of(Cause.Family.VM_EXIT, defaultExit(number));
            case VM_REENTRY -> REENTRY_AFTER_IO;
        };
        return last == cause ? NONE : last;
    }

    /** What a VMX reason says by itself that SVM says in the exit's information (SDM volume 3, appendix C). */
    static int detail(int exitReason) {
        if (ExitReason.isa(exitReason) != ExitReason.VMX) {
            return PageStream.ANY;
        }
        return switch (ExitReason.reason(exitReason)) {
            case 31 -> PageStream.MSR_READ;
            case 32, 45, 56 -> PageStream.MSR_WRITE; // EOI and APIC write are WRMSR's path without the decoding
            case 48, 62 -> PageStream.NPF_MEMORY;
            case 49 ->
                PageStream.NPF_MMIO; // a virtio notification among them cannot be told without an ioeventfd event
            case 44 -> PageStream.NPF_MMIO;
            default -> PageStream.ANY;
        };
    }

    private int defaultExit(int reason) {
        return ExitReason.isa(reason) == ExitReason.VMX ? ofIsa[ExitReason.VMX] : ofIsa[ExitReason.SVM];
    }
}
