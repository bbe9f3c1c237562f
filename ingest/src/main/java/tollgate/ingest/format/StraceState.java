package tollgate.ingest.format;

import java.util.EnumSet;
import tollgate.ingest.Coverage;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Tally;

/** What all files of one strace recording share: threads, names, counts, and what its stamps have shown. */
final class StraceState {
    final Names names = new Names();
    final Tally tally = new Tally();
    final Damages damages;
    final StraceThreads threads = new StraceThreads();
    final StraceCalls calls = new StraceCalls();

    /** Physical lines, whatever is on them. */
    final Tally.Count lines = tally.note("lines");

    final Tally.Count unfinished = tally.note("unfinished");
    final Tally.Count resumed = tally.note("resumed");
    final Tally.Count signals = tally.note("signals");
    final Tally.Count stops = tally.note("stops");
    final Tally.Count exited = tally.note("exited");
    final Tally.Count killed = tally.note("killed");
    final Tally.Count questionMarks = tally.note("question_mark_result");
    final Tally.Count restarts = tally.note("ERESTART");
    final Tally.Count messages = tally.note("strace_messages");
    /** {@code [ Process PID=18279 runs in 32 bit mode. ]} */
    final Tally.Count modes = tally.note("changes of 32-bit mode");

    final Tally.Count stacks = tally.note("stack lines");
    /** Lines that are not strace's: of the traced program, where both wrote to the standard error. */
    final Tally.Count others = tally.note("other lines");

    boolean hasBegun;
    boolean sawStamp;
    boolean sawStampless;
    boolean sawFraction;
    boolean sawRelative;

    private final Tally.Count enters = tally.tracepoint("sys_enter");
    private final Tally.Count exits = tally.tracepoint("sys_exit");
    private long kinds;
    private boolean missesProcess;

    StraceState(Input.Damage damage) {
        damages = new Damages(damage, tally);
    }

    void told(Kind kind, int process) {
        kinds |= 1L << kind.ordinal();
        missesProcess |= process < 0;
        if (kind == Kind.SYSCALL_ENTER) {
            enters.increment();
        } else if (kind == Kind.SYSCALL_EXIT) {
            exits.increment();
        }
    }

    /** @param isMerged true for several files, whose relative stamps (-r) do not join */
    Coverage coverage(boolean isMerged) {
        Coverage.Clock clock = !sawStamp || sawStampless || isMerged && sawRelative
                ? Coverage.Clock.COUNTER
                : sawFraction ? Coverage.Clock.NANOS : Coverage.Clock.COARSE;
        EnumSet<Kind> seen = EnumSet.noneOf(Kind.class);
        for (Kind kind : Kind.values()) {
            if ((kinds >>> kind.ordinal() & 1) != 0) {
                seen.add(kind);
            }
        }
        return new Coverage(
                Coverage.Scope.TASKS, /* hasCpus */
                false,
                !missesProcess,
                clock,
                seen, /* isRecordedSetCertain */
                false);
    }
}
