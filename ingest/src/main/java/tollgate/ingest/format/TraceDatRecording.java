package tollgate.ingest.format;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import tollgate.ingest.BadInput;
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;
import tollgate.ingest.Damaged;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;
import tollgate.ingest.Tally;

/**
 * The events of all CPUs of a trace.dat, merged by time (of equal times, the lower CPU first, as trace-cmd does).
 *
 * <p>Names are those that the kernel remembered when the recording ended, one a thread, so an event before an execve
 * carries the name after it; {@code trace-cmd report} prints the same. A thread that the kernel forgot is named by the
 * first sched_switch or sched_wakeup that tells. Processes are not told at all.
 */
final class TraceDatRecording implements Recording {
    /** 16 bits of common_type. */
    private static final int TYPES = 1 << 16;
    /** A kernel has some 100 event systems; trace-cmd saves the formats of those it was told to record, or of all. */
    private static final int ALL_SYSTEMS = 40;

    private final TraceDatFile file;
    private final Tally tally;
    private final Damages damages;
    private final Names names;
    private final BinaryThreads threads;
    private final BinaryHead head;
    private final BinaryTracepoint[] tracepoints = new BinaryTracepoint[TYPES];
    private final int threadAt;

    // The CPUs that still have events, as a heap by the time of the next.
    private final TraceDatCpu[] heap;
    private int heapSize;

    private long now = Long.MIN_VALUE;

    TraceDatRecording(
            String name,
            TraceDatFile file,
            Mapped mapped,
            Tally tally,
            Damages damages,
            Names names,
            BinaryThreads threads) {
        this.file = file;
        this.tally = tally;
        this.damages = damages;
        this.names = names;
        this.threads = threads;
        head = new BinaryHead(name);
        head.pid = -1;
        threads.name(-1, 0, names.id("<idle>"));
        BinaryFormat.Field thread = threadField();
        threadAt = thread.offset();
        TraceDatCpu.PageLayout layout = pageLayout(name);
        List<TraceDatFile.Cpu> cpus = file.cpus();
        heap = new TraceDatCpu[cpus.size()];
        for (TraceDatFile.Cpu each : cpus) {
            if (each.pageSize() < layout.dataAt() + 8) {
                throw new BadInput(
                        name, "expected pages larger than their header, found " + each.pageSize() + " bytes");
            }
            TraceDatCpu cpu = new TraceDatCpu(name, mapped, each, file.compression(), layout, tally, damages);
            if (cpu.next()) {
                heap[heapSize] = cpu;
                siftUp(heapSize++);
            }
        }
    }

    @Override
    public boolean read(Batch batch) throws IOException {
        batch.clear();
        while (heapSize > 0 && !batch.isFull()) {
            TraceDatCpu cpu = heap[0];
            setHead(cpu);
            long missed = cpu.takeMissed();
            if (missed != 0) {
                tell(missed, batch);
                continue;
            }
            eventOrSkip(cpu, batch);
            if (!cpu.next()) {
                heap[0] = heap[--heapSize];
                heap[heapSize] = cpu;
            }
            siftDown();
        }
        return batch.size() > 0;
    }

    @Override
    public Coverage coverage() {
        boolean isTold = file.formats().systems().size() < ALL_SYSTEMS;
        Set<Kind> kinds = EnumSet.of(Kind.LOST);
        for (BinaryFormat format : file.formats().formats()) {
            if (isTold || tracepoints[format.id() & TYPES - 1] != null) {
                tracepoint(format.id() & TYPES - 1).kind().ifPresent(kinds::add);
            }
        }
        return new Coverage(
                Coverage.Scope.UNKNOWN, /* hasCpus= */ true, /* hasProcesses= */ false, clock(), kinds, isTold);
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
    public void close() {
        // The input owns the file.
    }

    private Coverage.Clock clock() {
        return switch (file.clock()) {
            case "x86-tsc" -> file.multiplier() == 0 ? Coverage.Clock.TSC : Coverage.Clock.NANOS;
            case "counter" -> Coverage.Clock.COUNTER;
            case "uptime" -> Coverage.Clock.COARSE;
            default -> Coverage.Clock.NANOS;
        };
    }

    private void setHead(TraceDatCpu cpu) {
        long time = cpu.time();
        if (file.multiplier() != 0) {
            time = scale(time, file.multiplier(), file.shift());
        }
        time += file.offset();
        if (time < now) {
            tally.countOutOfOrder();
        } else {
            now = time;
        }
        head.time = now;
        head.cpu = cpu.cpu();
        head.position = cpu.position();
    }

    private void tell(long missed, Batch batch) {
        tally.lost(missed);
        head.tid = -1;
        head.comm = -1;
        head.append(batch, Kind.LOST, 0, missed, 0);
    }

    private void eventOrSkip(TraceDatCpu cpu, Batch batch) {
        try {
            event(cpu, batch);
        } catch (Damaged wrong) {
            damages.skip(wrong);
        }
    }

    private void event(TraceDatCpu cpu, Batch batch) {
        int at = cpu.at();
        int length = cpu.length();
        if (length < threadAt + 4) {
            throw head.corrupt("expected an event of at least " + (threadAt + 4) + " bytes, found " + length);
        }
        int type = Little.u16(cpu.bytes(), at);
        head.tid = Little.i32(cpu.bytes(), at + threadAt);
        head.comm = threads.comm(head.tid);
        int before = batch.size();
        tracepoint(type).record(cpu.bytes(), at, length, head, batch);
        if (batch.size() > before) {
            learn(batch, before);
        }
    }

    /** Names of threads that the kernel had forgotten. */
    private void learn(Batch batch, int index) {
        int kind = batch.kind[index];
        if (kind == Kind.SWITCH.ordinal()) {
            learn(batch.tid[index], batch.comm[index]);
            learn((int) batch.a[index], (int) batch.b[index]);
        } else if (kind == Kind.WAKEUP.ordinal()) {
            learn((int) batch.a[index], (int) batch.b[index]);
        }
    }

    private void learn(int tid, int comm) {
        if (threads.comm(tid) < 0) {
            threads.name(-1, tid, comm);
        }
    }

    private BinaryTracepoint tracepoint(int type) {
        BinaryTracepoint tracepoint = tracepoints[type];
        if (tracepoint == null) {
            tracepoint = BinaryTracepoint.bind(file.formats().find(type), names, tally, tid -> -1);
            tracepoints[type] = tracepoint;
        }
        return tracepoint;
    }

    /** common_pid, the same in every format of a kernel. */
    private BinaryFormat.Field threadField() {
        for (BinaryFormat format : file.formats().formats()) {
            for (BinaryFormat.Field field : format.fields()) {
                if (field.name().equals("common_pid") && field.size() == 4) {
                    return field;
                }
            }
        }
        return new BinaryFormat.Field("int", "common_pid", 4, 4, true);
    }

    private TraceDatCpu.PageLayout pageLayout(String name) {
        int commitAt = 8;
        int commitSize = 8;
        int dataAt = 16;
        for (BinaryFormat.Field field : BinaryFormat.parseFields(file.formats().headerPage(), name)) {
            if (field.name().equals("commit")) {
                commitAt = field.offset();
                commitSize = field.size();
            } else if (field.name().equals("data")) {
                dataAt = field.offset();
            }
        }
        if (commitSize != 8 && commitSize != 4 || commitAt + commitSize > dataAt || dataAt > 64) {
            throw new BadInput(
                    name,
                    "expected a page header of 12 or 16 bytes, found the data at byte " + dataAt
                            + "; copy the file again");
        }
        return new TraceDatCpu.PageLayout(commitAt, commitSize, dataAt);
    }

    /** {@code stamp * multiplier >> shift} with the product in 128 bits, low 64 bits of the result. */
    private static long scale(long stamp, long multiplier, int shift) {
        long high = Math.multiplyHigh(stamp, multiplier);
        long low = stamp * multiplier;
        return shift == 0 ? low : high << 64 - shift | low >>> shift;
    }

    private static boolean isBefore(TraceDatCpu cpu, TraceDatCpu other) {
        return cpu.time() < other.time() || cpu.time() == other.time() && cpu.cpu() < other.cpu();
    }

    private void siftUp(int from) {
        int i = from;
        while (i > 0 && isBefore(heap[i], heap[(i - 1) / 2])) {
            TraceDatCpu parent = heap[(i - 1) / 2];
            heap[(i - 1) / 2] = heap[i];
            heap[i] = parent;
            i = (i - 1) / 2;
        }
    }

    private void siftDown() {
        int i = 0;
        while (2 * i + 1 < heapSize) {
            int child = 2 * i + 1;
            if (child + 1 < heapSize && isBefore(heap[child + 1], heap[child])) {
                child++;
            }
            if (!isBefore(heap[child], heap[i])) {
                return;
            }
            TraceDatCpu down = heap[i];
            heap[i] = heap[child];
            heap[child] = down;
            i = child;
        }
    }
}
