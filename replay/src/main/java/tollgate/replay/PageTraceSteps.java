package tollgate.replay;

import java.util.function.Supplier;
import tollgate.replay.pages.PageTrace;

/**
 * A page-access trace as steps: its real entries, exits, switches and page accesses go through the same lanes as
 * those of a recording whose pages are drawn.
 *
 * <p>Memory classes follow from the address alone, since the trace has no others: image by use (fetched pages are
 * text), direct map as the current process's objects, vmalloc as the current task's stack. One CPU; instructions
 * are the clock. What the traced kernel itself did to the TLB (KPTI's CR3 writes, loads of another mm) is left to
 * the lanes; its own flushes are replayed.
 */
public final class PageTraceSteps {
    /** Entry text of Debian's 6.1 and 6.12 without KASLR: {@code __entry_text_start} to its end. */
    private static final long ENTRY_TEXT_61 = 0xffff_ffff_fff8_1c00L;

    private static final long ENTRY_TEXT_612 = 0xffff_ffff_fff8_1e00L;

    private static final long CAUSE_BITS = 0xffffffffL;

    private final Facts facts = new Facts();
    private Steps out = new Steps(0);
    private Supplier<Steps> next = () -> out;
    private long now;
    private boolean isUser = true;
    private int task;
    private int mm = PageTrace.FIRST_ADDRESS_SPACE;
    private int openEntry = -1;
    private int unmarked;

    public Facts facts() {
        return facts;
    }

    /** @param steps gives the buffer to fill, asked at each event */
    PageTrace.Sink into(Supplier<Steps> steps) {
        next = steps;
        out = steps.get();
        out.crossing(Crossing.SWITCH, task, 0, owner());
        out.crossing(Crossing.USER_RETURN, 0, 0, 0);
        facts.firstTime = 0;
        facts.hasSwitches = true;
        facts.cpus = 1;
        return new PageTrace.Sink() {
            @Override
            public void access(long page, int type) {
                out.access(Access.of(page, classOf(page, type), type));
            }

            @Override
            public void event(int code, long instructions, long loads, long stores, long argument) {
                now += instructions;
                take(code, argument);
                if (openEntry < 0) {
                    out = next.get();
                }
            }
        };
    }

    void finish(Steps steps) {
        facts.lastTime = now;
        facts.busyNanos = now;
        steps.crossing(Crossing.SEGMENT, 0, now, now);
    }

    private void take(int code, long argument) {
        facts.events++;
        switch (code) {
            case PageTrace.USER_RETURN -> {
                openEntry = -1;
                if (!isUser) {
                    isUser = true;
                    cross(Crossing.USER_RETURN, 0, 0);
                }
            }
            case PageTrace.SYSCALL_ENTRY -> enter(Cause.UNKNOWN);
            case PageTrace.SYSCALL_NUMBER -> {
                if (openEntry >= 0) { // the number comes after the entry: written into its crossing
                    long word = out.words()[openEntry];
                    long cause = Cause.of(Cause.Family.SYSCALL, (int) argument) & CAUSE_BITS;
                    out.words()[openEntry] = word & ~CAUSE_BITS | cause;
                    openEntry = -1;
                }
            }
            case PageTrace.EXCEPTION_ENTRY -> enter(Cause.of(Cause.Family.FAULT, 2));
            case PageTrace.KERNEL_RETURN -> cross(Crossing.KERNEL_RETURN, 0, 0);
            case PageTrace.TASK -> {
                task = (int) argument;
                cross(Crossing.SWITCH, task, owner());
                facts.switches++;
            }
            case PageTrace.ADDRESS_SPACE -> {
                if (mm != (int) argument) {
                    mm = (int) argument;
                    cross(Crossing.SWITCH, task, owner());
                }
            }
            case PageTrace.CR3_WRITE -> {
                if (argument == PageTrace.CR3_FLUSH) {
                    cross(Crossing.FLUSH_LOCAL, 0, -1);
                }
            }
            case PageTrace.CR4_WRITE -> cross(Crossing.DEEP_IDLE, 0, 0);
            case PageTrace.INVLPG -> cross(Crossing.FLUSH_LOCAL, 0, 1);
            case PageTrace.VM_EXIT -> {
                isUser = false;
                facts.exits++;
                cross(Crossing.VM_EXIT, Cause.of(Cause.Family.VM_EXIT, exitReason(argument)), 1);
            }
            case PageTrace.VM_ENTRY -> cross(Crossing.VM_ENTRY, 1, 0);
            default -> {} // the end
        }
    }

    private void enter(int cause) {
        if (!isUser) {
            cross(Crossing.KERNEL_ENTRY, cause, 0);
            return;
        }
        isUser = false;
        facts.entries++;
        if (++unmarked == 64) {
            unmarked = 0;
            cross(Crossing.SEGMENT, 0, now);
        }
        openEntry = cause == Cause.UNKNOWN ? out.size() : -1;
        out.crossing(Crossing.USER_ENTRY, cause & CAUSE_BITS, now, 0);
    }

    private static int exitReason(long svmExitCode) {
        return tollgate.ingest.ExitReason.id(tollgate.ingest.ExitReason.SVM, svmExitCode);
    }

    private MemoryClass classOf(long page, int type) {
        Region region = Region.ofPage(page);
        return switch (region) {
            case USER -> MemoryClass.U_CUR;
            case IMAGE ->
                isEntryText(page) ? MemoryClass.ENTRY : type == Access.FETCH ? MemoryClass.K_TEXT : MemoryClass.K_DATA;
            case ENTRY_AREA -> MemoryClass.ENTRY;
            case MODULES -> MemoryClass.K_MOD;
            case VMEMMAP -> MemoryClass.VMEMMAP;
            case VMALLOC -> MemoryClass.K_TASK_CUR;
            case DIRECT -> MemoryClass.K_PROC_CUR;
            case FIXMAP -> MemoryClass.K_DATA;
        };
    }

    private static boolean isEntryText(long page) {
        return page >= ENTRY_TEXT_61 && page <= ENTRY_TEXT_61 + 1
                || page >= ENTRY_TEXT_612 && page <= ENTRY_TEXT_612 + 2;
    }

    private long owner() {
        return Steps.owner(mm, 0, true);
    }

    private void cross(Crossing crossing, long argument, long extra) {
        out.crossing(crossing, argument, now, extra);
    }
}
