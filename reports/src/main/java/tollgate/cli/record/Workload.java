package tollgate.cli.record;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tollgate.ingest.Batch;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;
import tollgate.ingest.Sidecar;

/**
 * Whose time a recording of the whole machine is about: the tasks that descend from where the request began.
 *
 * <p>The command begins with the first thread that loses the recorder's name: recorders fork, and the child execs the
 * command. A process that ran already begins with its own threads and those of its children, guests with
 * the threads that had VM exits. The tree is grown from the forks recorded.
 *
 * <p>It is told by thread names if nobody else in the recording bears one of them, which a reader can check and mend;
 * else by numbers, which are exact.
 *
 * @param comms names; empty if not told by them
 * @param pids processes; empty if not told by them
 * @param tids threads, where the recording does not tell processes
 * @param events of these tasks
 * @param allEvents of the recording
 * @param nanos from the first event to the last
 * @param lost records
 */
public record Workload(
        Set<String> comms, Set<Integer> pids, Set<Integer> tids, long events, long allEvents, long nanos, long lost) {
    public boolean isFound() {
        return !comms.isEmpty() || !pids.isEmpty() || !tids.isEmpty();
    }

    /**
     * @param roots threads where it begins, by their numbers; empty for the command that the recorder ran
     * @param guests whether it begins with all threads that had VM exits, if no root is given
     */
    public static Workload find(Path recording, Set<Integer> roots, boolean guests) throws IOException {
        try (Input input = Input.of(recording);
                Recording events = Formats.recognise(input).open(input)) {
            Search search = new Search(events.names(), roots, guests);
            Batch batch = new Batch();
            while (events.read(batch)) {
                for (int i = 0; i < batch.size(); i++) {
                    search.event(batch, i);
                }
            }
            return search.workload(Math.max(0, events.tally().lost()));
        }
    }

    /** One thread of the recording: what it was called and how often it was seen. */
    private static final class Task {
        final Set<Integer> comms = new HashSet<>();
        final List<Integer> children = new ArrayList<>();
        int pid = -1;
        int comm = -1;
        long events;
        boolean belongs;
    }

    private static final class Search {
        private final Names names;
        private final Set<Integer> roots;
        private final boolean guests;
        private final Map<Integer, Task> threads = new HashMap<>();
        private long first = Long.MAX_VALUE;
        private long last = Long.MIN_VALUE;
        private long all;

        Search(Names names, Set<Integer> roots, boolean guests) {
            this.names = names;
            this.roots = new HashSet<>(roots);
            this.guests = guests && roots.isEmpty();
        }

        void event(Batch batch, int i) {
            int tid = batch.tid[i];
            Kind kind = batch.kind(i);
            if (kind != Kind.NAME) {
                first = Math.min(first, batch.time[i]);
                last = Math.max(last, batch.time[i]);
                all++;
            }
            if (tid <= 0) {
                return;
            }
            Task task = threads.computeIfAbsent(tid, none -> new Task());
            task.events += kind == Kind.NAME ? 0 : 1;
            if (batch.pid[i] >= 0) {
                task.pid = batch.pid[i];
            }
            if (guests && (kind == Kind.VM_EXIT || kind == Kind.VM_ENTRY)) {
                roots.add(tid);
            }
            if (batch.comm[i] >= 0) {
                if (roots.isEmpty() && !guests && isRecorder(task.comm) && !isRecorder(batch.comm[i])) {
                    roots.add(tid);
                    task.comms.clear(); // the recorder's name is not the command's
                }
                task.comm = batch.comm[i];
                task.comms.add(task.comm);
            }
            if (kind == Kind.FORK && batch.a[i] > 0) {
                Task child = threads.computeIfAbsent((int) batch.a[i], none -> new Task());
                child.pid = batch.code[i] > 0 ? batch.code[i] : child.pid;
                task.children.add((int) batch.a[i]);
            }
        }

        private boolean isRecorder(int comm) {
            return Sidecar.RECORDERS.contains(names.name(comm));
        }

        Workload workload(long lost) {
            grow();
            Set<Integer> own = new HashSet<>();
            Set<Integer> others = new HashSet<>();
            Set<Integer> pids = new TreeSet<>();
            Set<Integer> tids = new TreeSet<>();
            long events = 0;
            for (Map.Entry<Integer, Task> entry : threads.entrySet()) {
                Task task = entry.getValue();
                if (task.belongs) {
                    own.addAll(task.comms);
                    tids.add(entry.getKey());
                    pids.add(task.pid);
                    events += task.events;
                } else if (task.events > 0) {
                    others.addAll(task.comms);
                }
            }
            boolean byName = own.stream().noneMatch(others::contains)
                    && own.stream().noneMatch(this::isRecorder)
                    && own.stream().map(names::name).noneMatch(String::isEmpty);
            Set<String> comms = new TreeSet<>();
            if (byName) {
                own.forEach(comm -> comms.add(names.name(comm)));
            }
            boolean byProcess = !byName && !pids.contains(-1);
            return new Workload(
                    comms,
                    byProcess ? pids : Set.of(),
                    byName || byProcess ? Set.of() : tids,
                    events,
                    all,
                    Math.max(0, last - first),
                    lost);
        }

        /** From the roots down; a process as a whole, since threads that were there before have no fork. */
        private void grow() {
            Set<Integer> processes = new HashSet<>();
            List<Integer> next = new ArrayList<>(roots);
            while (!next.isEmpty()) {
                Task task = threads.get(next.remove(next.size() - 1));
                if (task != null && !task.belongs) {
                    task.belongs = true;
                    next.addAll(task.children);
                    if (task.pid > 0 && processes.add(task.pid)) {
                        threads.forEach((tid, each) -> {
                            if (each.pid == task.pid) {
                                next.add(tid);
                            }
                        });
                    }
                }
            }
        }
    }
}
