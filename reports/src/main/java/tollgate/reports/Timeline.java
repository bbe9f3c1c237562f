package tollgate.reports;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;
import tollgate.ingest.ExitReason;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;
import tollgate.ingest.Syscalls;

/**
 * A recording as a timeline for ui.perfetto.dev or chrome://tracing: a track per CPU with the threads that run on it and
 * its interrupts, a track per thread with its system calls, VM exits and faults. The form is Chrome's "Trace Event
 * Format", whose slices are written when they end; what has no end in the recording, or was cut by a loss, is left out and
 * counted in {@code otherData}.
 *
 * <p>Times are microseconds from the first event, since viewers read them as binary fractions: those of a machine that has
 * run for months would lose their nanoseconds.
 */
public final class Timeline {
    /** The process that CPUs are shown as: no real one has this number. */
    private static final int CPUS = Coverage.LAST_PID + 1;

    private final Appendable out;
    private final Names names;
    private final Map<Integer, Slice> calls = new HashMap<>();
    private final Map<Integer, Slice> exits = new HashMap<>();
    private final Map<Integer, Slice> running = new HashMap<>();
    private final Map<Integer, Map<Integer, Slice>> interrupts = new HashMap<>();
    private final Map<Integer, Integer> processes = new HashMap<>();
    private final Map<Integer, String> threads = new HashMap<>();
    private final Set<Integer> cpus = new HashSet<>();
    private long origin = Long.MIN_VALUE;
    private long unfinished;
    private String separator = "\n";

    /** What has begun. */
    private record Slice(long from, String name, int pid, int tid) {}

    private Timeline(Names names, Appendable out) {
        this.names = names;
        this.out = out;
    }

    /** Writes all events of a recording that has not been read yet. */
    public static void write(Recording recording, Appendable out) throws IOException {
        new Timeline(recording.names(), out).all(recording);
    }

    private void all(Recording recording) throws IOException {
        out.append("{\"traceEvents\": [");
        Batch batch = new Batch();
        while (recording.read(batch)) {
            for (int i = 0; i < batch.size(); i++) {
                event(batch, i);
            }
        }
        forget();
        out.append("\n],\n\"displayTimeUnit\": \"ns\",\n\"otherData\": {\"origin\": \"" + Math.max(0, origin)
                + "\", \"clock\": ");
        out.append(Json.quoted(recording.coverage().clock().toString()));
        out.append(", \"unfinished\": \"" + unfinished + "\"}}\n");
    }

    private void event(Batch batch, int i) throws IOException {
        long time = batch.time[i];
        if (origin == Long.MIN_VALUE) {
            origin = time;
        }
        int tid = batch.tid[i];
        int cpu = batch.cpu[i];
        int code = batch.code[i];
        int pid = name(batch, i);
        switch (batch.kind(i)) {
            case SYSCALL_ENTER -> begin(calls, tid, new Slice(time, call(code), pid, tid));
            case SYSCALL_EXIT -> {
                end(exits, tid, time);
                end(calls, tid, time);
            }
            case VM_EXIT -> begin(exits, tid, new Slice(time, "exit " + ExitReason.name(code), pid, tid));
            case VM_ENTRY, VMM_RETURN -> end(exits, tid, time);
            case FAULT_USER, FAULT_KERNEL -> {
                if (tid >= 0) {
                    String where = batch.kind(i) == Kind.FAULT_USER ? "user" : "kernel";
                    instant("page fault, " + where, pid, tid, time, "t");
                }
            }
            case IRQ_ENTER -> interrupt(cpu, code, new Slice(time, "interrupt " + code, CPUS, track(cpu)));
            case IRQ_EXIT -> interruptEnds(cpu, code, time);
            case SOFTIRQ_ENTER -> interrupt(cpu, -1 - code, new Slice(time, "softirq " + code, CPUS, track(cpu)));
            case SOFTIRQ_EXIT -> interruptEnds(cpu, -1 - code, time);
            case SWITCH -> {
                end(running, cpu, time);
                int next = (int) batch.a[i];
                if (cpu >= 0 && next != 0) {
                    String comm = batch.b[i] < 0 ? "thread" : names.name((int) batch.b[i]);
                    begin(running, cpu, new Slice(time, comm + " " + next, CPUS, track(cpu)));
                }
            }
            case LOST -> {
                forget();
                instant("records lost", CPUS, CPUS, time, "g");
            }
            default -> {}
        }
    }

    private static String call(int number) {
        String name = Syscalls.name(number);
        return name == null || name.isEmpty() ? "system call " + number : name;
    }

    private static int track(int cpu) {
        return CPUS + 1 + cpu;
    }

    /** An earlier slice of the same track that did not end is not drawn: its end was not recorded. */
    private void begin(Map<Integer, Slice> open, int key, Slice slice) {
        if (key >= 0 && open.put(key, slice) != null) {
            unfinished++;
        }
    }

    private void end(Map<Integer, Slice> open, int key, long time) throws IOException {
        Slice slice = open.remove(key);
        if (slice != null) {
            row("\"ph\": \"X\", \"name\": " + Json.quoted(slice.name()) + place(slice.pid(), slice.tid(), slice.from())
                    + ", \"dur\": " + micros(time - slice.from()));
        }
    }

    private void interrupt(int cpu, int key, Slice slice) {
        if (cpu >= 0 && interrupts.computeIfAbsent(cpu, c -> new HashMap<>()).put(key, slice) != null) {
            unfinished++;
        }
    }

    private void interruptEnds(int cpu, int key, long time) throws IOException {
        end(interrupts.getOrDefault(cpu, new HashMap<>()), key, time);
    }

    /** After a loss nobody knows what goes on. */
    private void forget() {
        unfinished += calls.size() + exits.size() + running.size();
        unfinished += interrupts.values().stream().mapToInt(Map::size).sum();
        calls.clear();
        exits.clear();
        running.clear();
        interrupts.clear();
    }

    private void instant(String name, int pid, int tid, long time, String scope) throws IOException {
        row("\"ph\": \"i\", \"s\": \"" + scope + "\", \"name\": " + Json.quoted(name) + place(pid, tid, time));
    }

    /** Names the tracks of an event when they are new. @return the process; the thread's number where it is not told */
    private int name(Batch batch, int i) throws IOException {
        int tid = batch.tid[i];
        int cpu = batch.cpu[i];
        if (cpu >= 0 && cpus.add(cpu)) {
            if (cpus.size() == 1) {
                label("process_name", CPUS, CPUS, "CPUs");
            }
            label("thread_name", CPUS, track(cpu), "CPU " + cpu);
        }
        if (tid < 0) {
            return tid;
        }
        // A thread keeps the process under which it came first: viewers take another for another thread.
        int pid = processes.computeIfAbsent(tid, t -> batch.pid[i] < 0 ? t : batch.pid[i]);
        if (batch.comm[i] >= 0) {
            String comm = names.name(batch.comm[i]);
            if (!comm.equals(threads.put(tid, comm))) {
                label("thread_name", pid, tid, comm);
                if (pid == tid) {
                    label("process_name", pid, tid, comm);
                }
            }
        }
        return pid;
    }

    private void label(String what, int pid, int tid, String name) throws IOException {
        row("\"ph\": \"M\", \"name\": \"" + what + "\", \"pid\": " + pid + ", \"tid\": " + tid
                + ", \"args\": {\"name\": " + Json.quoted(name) + "}");
    }

    private String place(int pid, int tid, long time) {
        return ", \"pid\": " + pid + ", \"tid\": " + tid + ", \"ts\": " + micros(time - origin);
    }

    /** Nanoseconds as microseconds, exactly. */
    private static String micros(long nanos) {
        long whole = Math.abs(nanos) / 1000;
        String rest = String.valueOf(1000 + Math.abs(nanos) % 1000).substring(1);
        return (nanos < 0 ? "-" : "") + whole + "." + rest;
    }

    private void row(String fields) throws IOException {
        out.append(separator).append('{').append(fields).append('}');
        separator = ",\n";
    }
}
