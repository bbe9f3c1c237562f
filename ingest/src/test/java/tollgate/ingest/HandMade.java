package tollgate.ingest;

import java.util.EnumSet;
import java.util.Set;

/** A recording of events written down in a test, of one clock in nanoseconds. */
final class HandMade implements Recording {
    final Tally tally = new Tally();
    final Names names = new Names();
    Coverage.Scope scope = Coverage.Scope.SYSTEM;
    Coverage.Clock clock = Coverage.Clock.NANOS;
    boolean hasCpus = true;

    private final Batch events = new Batch();
    private final EnumSet<Kind> recorded = EnumSet.noneOf(Kind.class);
    private boolean isRead;

    /** An event of the process that bears the thread's number, on CPU 0, by a thread called "work". */
    HandMade add(long time, int tid, Kind kind, long code, long a) {
        return add(time, 0, tid, "work", kind, code, a, 0);
    }

    HandMade add(long time, int cpu, int tid, String comm, Kind kind, long code, long a, long b) {
        events.append(time, cpu, tid, tid, names.id(comm), kind, (int) code, a, b);
        return this;
    }

    HandMade enter(long time, int tid, int number) {
        return add(time, tid, Kind.SYSCALL_ENTER, number, 0);
    }

    HandMade exit(long time, int tid, int number, long result) {
        return add(time, tid, Kind.SYSCALL_EXIT, number, result);
    }

    HandMade switches(long time, int from, char state, int to) {
        return add(time, from, Kind.SWITCH, state, to);
    }

    HandMade tells(Kind... kinds) {
        recorded.addAll(Set.of(kinds));
        return this;
    }

    Inventory inventory() throws java.io.IOException {
        return Inventory.of(this);
    }

    @Override
    public boolean read(Batch batch) {
        batch.clear();
        for (int i = 0; i < events.size() && !isRead; i++) {
            batch.append(events, i);
        }
        isRead = true;
        return batch.size() > 0;
    }

    @Override
    public Coverage coverage() {
        return new Coverage(scope, hasCpus, hasCpus, clock, recorded, !recorded.isEmpty());
    }

    @Override
    public Tally tally() {
        return tally;
    }

    @Override
    public Names names() {
        return names;
    }

    @Override
    public void close() {}
}
