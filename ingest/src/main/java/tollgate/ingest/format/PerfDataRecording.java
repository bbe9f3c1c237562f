package tollgate.ingest.format;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;
import tollgate.ingest.Damaged;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.NamespaceType;
import tollgate.ingest.Recording;
import tollgate.ingest.Tally;
import tollgate.ingest.TaskState;

/**
 * The records of a perf.data in order of time, turned into events.
 *
 * <p>The kernel tells some things twice: FORK, EXIT and COMM records say what sched_process_fork, _exit and _exec say
 * too, SWITCH what sched_switch says. Where the tracepoint is recorded, it alone makes the event, and the record makes
 * none (FORK, EXIT, SWITCH) or a {@link Kind#NAME} (COMM); where it is not, the record makes the event. The records
 * keep the table of processes and names either way. What perf synthesizes when it starts (records without a time)
 * becomes one NAME a thread, and one NAMESPACE for each kind where told, at the time of the first event.
 */
final class PerfDataRecording implements Recording {
    /** A comm is 16 bytes; what a COMM record has more is padding. */
    private static final int LONGEST_NAME = 64;
    /** Events that one record makes at most: one for each namespace of a thread. */
    private static final int MOST_EVENTS = NamespaceType.values().length;

    private final PerfDataHeader header;
    private final PerfDataTimes times;
    private final PerfDataRounds rounds;
    private final List<Closeable> owned;
    private final Tally tally;
    private final Damages damages;
    private final Names names = new Names();
    private final BinaryThreads threads = new BinaryThreads();
    private final BinaryHead head;
    private final byte[] scratch = new byte[LONGEST_NAME];

    // By number of the event.
    private final List<Optional<BinaryTracepoint>> tracepoints = new ArrayList<>();
    private final PerfDataLayout[] layouts;
    private final PerfDataSamples samples;

    private final Tally.Count others;

    // By number of the record type.
    private final Tally.Count[] records = new Tally.Count[PerfDataRecords.FIRST_OF_TOOL];
    private final boolean switchesFromTracepoint;
    private final boolean forksFromTracepoint;
    private final boolean execsFromTracepoint;
    private final boolean exitsFromTracepoint;

    private Coverage.Scope scope = Coverage.Scope.UNKNOWN;
    private boolean hasStarted;
    /** The thread to be told next; 0 when all are. */
    private int naming;
    /** Of its namespaces, the one to be told next; -1 if its name is. */
    private int telling = -1;
    /** The current record waits until the threads are told. */
    private boolean isHeld;

    private long now;
    private long lostRecords;
    private long lostSamples;
    private boolean isEnd;

    PerfDataRecording(
            String name,
            PerfDataHeader header,
            PerfDataTimes times,
            PerfDataRounds rounds,
            Tally tally,
            Damages damages,
            List<Closeable> owned) {
        this.header = header;
        this.times = times;
        this.rounds = rounds;
        this.tally = tally;
        this.damages = damages;
        this.owned = owned;
        head = new BinaryHead(name);
        // Thread 0 of every CPU is idle; perf calls it so without being told.
        threads.name(0, 0, names.id("swapper"));
        List<PerfDataEvent> events = header.events();
        layouts = new PerfDataLayout[events.size()];
        others = tally.note("samples of other events");
        for (int i = 0; i < layouts.length; i++) {
            PerfDataEvent event = events.get(i);
            layouts[i] = event.layout();
            if (event.type() == PerfDataEvent.TRACEPOINT) {
                BinaryFormat format = header.formats().find((int) event.config());
                tracepoints.add(Optional.of(BinaryTracepoint.bind(format, names, tally, threads::process)));
            } else {
                tracepoints.add(Optional.empty());
            }
        }
        samples = new PerfDataSamples(events, tracepoints, header.ids(), threads);
        switchesFromTracepoint = records("sched_switch");
        forksFromTracepoint = records("sched_process_fork");
        execsFromTracepoint = records("sched_process_exec");
        exitsFromTracepoint = records("sched_process_exit");
    }

    @Override
    public boolean read(Batch batch) throws IOException {
        batch.clear();
        while (batch.size() <= Batch.CAPACITY - MOST_EVENTS) {
            if (naming > 0) {
                tellThread(batch);
            } else if (isHeld) {
                isHeld = false;
                recordOrSkip(batch);
            } else if (!isEnd && rounds.next()) {
                if (!hasStarted && isEvent()) {
                    start();
                } else if (!samples(batch)) {
                    recordOrSkip(batch);
                }
            } else {
                if (!isEnd) {
                    isEnd = true;
                    finish(batch);
                }
                break;
            }
        }
        return batch.size() > 0;
    }

    @Override
    public Coverage coverage() {
        Set<Kind> kinds = EnumSet.of(Kind.LOST);
        for (Optional<BinaryTracepoint> tracepoint : tracepoints) {
            tracepoint.flatMap(BinaryTracepoint::kind).ifPresent(kinds::add);
        }
        return new PerfDataCoverage(header.events(), header.command()).of(kinds, scope, hasOnlySomeSyscalls());
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
    public void close() throws IOException {
        for (Closeable each : owned) {
            each.close();
        }
    }

    private boolean records(String tracepoint) {
        for (Optional<BinaryTracepoint> each : tracepoints) {
            if (each.isPresent() && each.get().format().name().equals(tracepoint)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasOnlySomeSyscalls() {
        boolean some = false;
        for (Optional<BinaryTracepoint> each : tracepoints) {
            some |= each.isPresent() && each.get().format().system().equals("syscalls");
        }
        return some && !records("sys_enter");
    }

    /** Makes events of the samples that come next, as long as they have nothing special. @return whether there were any */
    private boolean samples(Batch batch) {
        int from = rounds.at();
        int to = samples.take(rounds.bytes(), from, rounds.runEnd(), now, rounds.runLimit(), batch);
        if (to == from) {
            return false;
        }
        now = samples.lastTime();
        rounds.passTo(to);
        return true;
    }

    private void recordOrSkip(Batch batch) {
        try {
            record(batch);
        } catch (Damaged wrong) {
            damages.skip(wrong);
        }
    }

    private void record(Batch batch) {
        byte[] bytes = rounds.bytes();
        int at = rounds.at();
        int size = rounds.size();
        int type = rounds.type();
        head.position = rounds.position();
        if (type == PerfDataRecords.SAMPLE) {
            sample(bytes, at, size, batch);
        } else if (type >= 0 && type < PerfDataRecords.FIRST_OF_TOOL) {
            kernelRecord(type, bytes, at, size, batch);
        } else if (type == PerfDataRecords.THREAD_MAP) {
            threadMap(bytes, at, size);
        }
    }

    /** Sets the time of the event to come; time never runs back. */
    private void setTime(long time) {
        if (time < now) {
            tally.countOutOfOrder();
        } else {
            now = time;
        }
        head.time = now;
    }

    private boolean isEvent() {
        return rounds.time() != 0 || rounds.type() == PerfDataRecords.SAMPLE;
    }

    /** Before the first event, all threads known by then are told; the record waits. */
    private void start() {
        hasStarted = true;
        isHeld = true;
        naming = Math.max(threads.nextKnown(1), 0);
        now = rounds.time();
        head.time = now;
    }

    private void sample(byte[] bytes, int at, int size, Batch batch) {
        int event = times.event(bytes, at, size);
        if (event < 0) {
            tally.note("samples of unknown events").increment();
            return;
        }
        PerfDataLayout layout = layouts[event];
        if (size < layout.fixed) {
            throw head.corrupt("expected a sample of at least " + layout.fixed + " bytes, found " + size);
        }
        setTime(layout.time < 0 ? now + 1 : Little.i64(bytes, at + layout.time));
        head.cpu = layout.cpu < 0 ? -1 : cpu(Little.i32(bytes, at + layout.cpu));
        // Process in the lower half, thread in the upper.
        long task = layout.tid < 0 ? -1 : Little.i64(bytes, at + layout.tid);
        head.pid = (int) task;
        head.tid = (int) (task >> 32);
        head.comm = threads.see(head.pid, head.tid);
        Optional<BinaryTracepoint> tracepoint = tracepoints.get(event);
        int raw = layout.raw(bytes, at, size, head);
        if (tracepoint.isEmpty()) {
            others.increment();
        } else if (raw < 0) {
            tally.note("samples without raw data").increment();
        } else {
            long length = Little.i32(bytes, at + raw) & 0xffffffffL;
            if (raw + 4 + length > size) {
                throw head.corrupt("expected raw data inside its sample of " + size + " bytes, found " + length
                        + " bytes at byte " + raw);
            }
            tracepoint.get().record(bytes, at + raw + 4, (int) length, head, batch);
        }
    }

    private void kernelRecord(int type, byte[] bytes, int at, int size, Batch batch) {
        if (records[type] == null) {
            records[type] = tally.note(PerfDataRecords.name(type));
        }
        records[type].increment();
        PerfDataLayout trailer = times.trailerLayout(bytes, at, size);
        boolean isTimed = rounds.time() != 0;
        head.cpu = -1;
        if (isTimed) {
            setTime(rounds.time());
            readTrailer(trailer, bytes, at, size);
        }
        int end = size - (trailer.trailer + PerfDataLayout.HEADER <= size ? trailer.trailer : 0);
        switch (type) {
            case PerfDataRecords.COMM -> comm(bytes, at, end, isTimed, batch);
            case PerfDataRecords.FORK -> fork(bytes, at, end, isTimed, batch);
            case PerfDataRecords.EXIT -> exit(bytes, at, end, isTimed, batch);
            case PerfDataRecords.LOST -> lost(bytes, at, end, batch);
            case PerfDataRecords.LOST_SAMPLES -> {
                need(end, 16, "LOST_SAMPLES");
                lostSamples += Math.max(Little.i64(bytes, at + 8), 0);
            }
            case PerfDataRecords.SWITCH, PerfDataRecords.SWITCH_CPU_WIDE ->
                switched(type, bytes, at, end, isTimed, batch);
            case PerfDataRecords.NAMESPACES -> namespaces(bytes, at, end, isTimed, batch);
            default -> {
                // MMAP, THROTTLE and the like: counted.
            }
        }
    }

    private int cpu(int number) {
        if (number >= Coverage.MOST_CPUS) {
            throw head.corrupt("expected a CPU below " + Coverage.MOST_CPUS + ", found " + number);
        }
        return number;
    }

    private void readTrailer(PerfDataLayout trailer, byte[] bytes, int at, int size) {
        head.cpu = trailer.trailerCpu < 0 ? -1 : cpu(Little.i32(bytes, at + size - trailer.trailerCpu));
        head.pid = trailer.trailerTid < 0 ? -1 : Little.i32(bytes, at + size - trailer.trailerTid);
        head.tid = trailer.trailerTid < 0 ? -1 : Little.i32(bytes, at + size - trailer.trailerTid + 4);
        head.comm = threads.comm(head.tid);
    }

    /** {@code u32 pid, u32 tid, char comm[]}. */
    private void comm(byte[] bytes, int at, int end, boolean isTimed, Batch batch) {
        need(end, 16, "COMM");
        int pid = Little.i32(bytes, at + 8);
        int tid = Little.i32(bytes, at + 12);
        int n = 0;
        while (n < scratch.length && 16 + n < end && bytes[at + 16 + n] != 0) {
            scratch[n] = bytes[at + 16 + n];
            n++;
        }
        int comm = names.id(scratch, 0, n);
        threads.name(pid, tid, comm);
        if (!isTimed && !hasStarted) {
            return;
        }
        head.time = now;
        head.pid = pid;
        head.tid = tid;
        head.comm = comm;
        boolean isExec = (Little.u16(bytes, at + 4) & PerfDataRecords.MISC_COMM_EXEC) != 0;
        boolean isEvent = isExec && !execsFromTracepoint;
        head.append(batch, isEvent ? Kind.EXEC : Kind.NAME, 0, isEvent ? -1 : 0, 0);
    }

    /** {@code u32 pid, ppid, tid, ptid; u64 time}. */
    private void fork(byte[] bytes, int at, int end, boolean isTimed, Batch batch) {
        need(end, 32, "FORK");
        int pid = Little.i32(bytes, at + 8);
        int parentPid = Little.i32(bytes, at + 12);
        int tid = Little.i32(bytes, at + 16);
        int parentTid = Little.i32(bytes, at + 20);
        threads.fork(parentPid, parentTid, pid, tid);
        if (!isTimed || forksFromTracepoint) {
            return;
        }
        head.pid = parentPid;
        head.tid = parentTid;
        head.comm = threads.comm(parentTid);
        head.append(batch, Kind.FORK, pid, tid, threads.comm(tid));
    }

    private void exit(byte[] bytes, int at, int end, boolean isTimed, Batch batch) {
        need(end, 32, "EXIT");
        if (!isTimed || exitsFromTracepoint) {
            return;
        }
        head.pid = Little.i32(bytes, at + 8);
        head.tid = Little.i32(bytes, at + 16);
        head.comm = threads.comm(head.tid);
        head.append(batch, Kind.EXIT, 0, 0, 0);
    }

    /** {@code u64 id, u64 lost}. */
    private void lost(byte[] bytes, int at, int end, Batch batch) {
        need(end, 24, "LOST");
        long count = Math.max(Little.i64(bytes, at + 16), 0);
        lostRecords += count;
        tally.lost(count);
        head.time = now;
        head.pid = -1;
        head.tid = -1;
        head.comm = -1;
        head.append(batch, Kind.LOST, 0, count, 0);
    }

    /** SWITCH_CPU_WIDE has {@code u32 next_prev_pid, u32 next_prev_tid}: at a switch out, who comes. */
    private void switched(int type, byte[] bytes, int at, int end, boolean isTimed, Batch batch) {
        int misc = Little.u16(bytes, at + 4);
        if (!isTimed || switchesFromTracepoint || (misc & PerfDataRecords.MISC_SWITCH_OUT) == 0) {
            return;
        }
        boolean isWide = type == PerfDataRecords.SWITCH_CPU_WIDE;
        need(end, isWide ? 16 : 8, "SWITCH");
        int next = isWide ? Little.i32(bytes, at + 12) : -1;
        boolean isPreempted = (misc & PerfDataRecords.MISC_SWITCH_OUT_PREEMPT) != 0;
        // Preempted or not is all the record tells; a thread that was not gave the CPU up, so it slept.
        int state = isPreempted ? TaskState.RUNNABLE | TaskState.PREEMPTED : 'S';
        head.append(batch, Kind.SWITCH, state, next, threads.comm(next));
    }

    /** {@code u32 pid, tid; u64 count; then each: u64 device, u64 inode}, in the order of {@link NamespaceType}. */
    private void namespaces(byte[] bytes, int at, int end, boolean isTimed, Batch batch) {
        need(end, 24, "NAMESPACES");
        // A newer kernel may tell of kinds that we do not know, behind those that we do.
        int count = (int) Math.max(0, Math.min(Little.i64(bytes, at + 16), MOST_EVENTS));
        need(end, 24 + 16 * count, "NAMESPACES");
        long[] told = new long[2 * count];
        for (int i = 0; i < told.length; i++) {
            told[i] = Little.i64(bytes, at + 24 + 8 * i);
        }
        head.pid = Little.i32(bytes, at + 8);
        head.tid = Little.i32(bytes, at + 12);
        threads.see(head.pid, head.tid);
        if (!isTimed && !hasStarted) {
            threads.enter(head.tid, told);
            return;
        }
        head.time = now;
        head.comm = threads.comm(head.tid);
        for (int type = 0; type < count; type++) {
            head.append(batch, Kind.NAMESPACE, type, told[2 * type + 1], told[2 * type]);
        }
    }

    /** {@code u64 count; then each: u64 pid, char comm[16]}: -1 alone means all CPUs. */
    private void threadMap(byte[] bytes, int at, int size) {
        if (size >= 24 && Little.i64(bytes, at + 8) > 0) {
            scope = Little.i32(bytes, at + 16) == -1 ? Coverage.Scope.SYSTEM : Coverage.Scope.TASKS;
        }
    }

    private void need(int end, int size, String record) {
        if (end < size) {
            throw head.corrupt("expected a record " + record + " of at least " + size + " bytes, found " + end);
        }
    }

    private void tellThread(Batch batch) {
        int tid = naming;
        head.cpu = -1;
        head.tid = tid;
        head.pid = threads.process(tid);
        head.comm = threads.comm(tid);
        long[] told = threads.place(tid);
        if (telling < 0) {
            head.append(batch, Kind.NAME, 0, 0, 0);
        } else {
            head.append(batch, Kind.NAMESPACE, telling, told[2 * telling + 1], told[2 * telling]);
        }
        telling++;
        if (2 * telling == told.length) {
            telling = -1;
            naming = Math.max(threads.nextKnown(tid + 1), 0);
        }
    }

    /**
     * LOST tells what did not fit in a buffer when there was room again; LOST_SAMPLES, at the end, what the kernel
     * counted for each event. They count the same loss (in a recording with both, 23877 and 23877), so only what the
     * second has more is new: a loss that nothing was recorded after.
     */
    private void finish(Batch batch) {
        long unseen = lostSamples - lostRecords;
        if (unseen > 0) {
            tally.lost(unseen);
            head.time = now;
            head.cpu = -1;
            head.pid = -1;
            head.tid = -1;
            head.comm = -1;
            head.append(batch, Kind.LOST, 0, unseen, 0);
        }
    }
}
