package tollgate.ingest;

import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The one pass over a recording that an {@link Inventory} is made of. What it keeps grows with threads that are in a
 * call or a VM exit and with the variety of names and numbers, never with the number of events.
 */
final class InventoryPass {
    /** Distinct states, error codes, vectors or reasons kept apart; Linux has far fewer of each. */
    private static final int MOST_CODES = 8192;

    private final long[] kinds = new long[Kind.values().length];
    private final BitSet cpus = new BitSet();
    private final BitSet threads = new BitSet();
    private final BitSet processes = new BitSet();
    private long[] comms = new long[64];

    private final InventoryThread none = new InventoryThread();
    private final InventoryTable<InventoryThread> live = new InventoryTable<>(InventoryThread::new);
    private final InventoryCalls calls = new InventoryCalls();
    private final InventoryExits exits = new InventoryExits();
    private final InventoryInterrupts interrupts = new InventoryInterrupts();
    /** TLB_FLUSH_ON_TASK_SWITCH, include/linux/mm_types.h. */
    private static final int FLUSH_ON_TASK_SWITCH = 0;

    private final InventoryTable<Tally.Count> switches = counters();
    private final InventoryTable<Tally.Count> userFaults = counters();
    private final InventoryTable<Tally.Count> kernelFaults = counters();
    private final InventoryTable<Tally.Count> flushes = counters();
    private final Map<Integer, Map<Long, Set<Integer>>> namespaces = new TreeMap<>();

    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;
    private long longestGap;
    private long gapAt;
    private long runsBack;
    private long[] firstOfCpu = {};
    private long[] lastOfCpu = {};
    /** How many reports of loss there were so far: what began before one and ends after it cannot be measured. */
    private int epoch;

    void take(Batch batch) {
        for (int i = 0; i < batch.size(); i++) {
            Kind kind = batch.kind(i);
            kinds[kind.ordinal()]++;
            switch (kind) {
                case NAME -> {}
                case LOST -> epoch++;
                case NAMESPACE ->
                    namespaces
                            .computeIfAbsent(batch.code[i], type -> new TreeMap<>())
                            .computeIfAbsent(batch.a[i], inode -> new HashSet<>())
                            .add(batch.tid[i]);
                default -> {
                    seen(batch, i);
                    happens(kind, batch, i);
                }
            }
        }
    }

    private void seen(Batch batch, int i) {
        long time = batch.time[i];
        if (last != Long.MIN_VALUE) {
            if (time < last) {
                runsBack++;
            } else if (time - last > longestGap) {
                longestGap = time - last;
                gapAt = last;
            }
        }
        first = Math.min(first, time);
        last = Math.max(last, time);
        int cpu = batch.cpu[i];
        if (cpu >= 0 && cpu < Coverage.MOST_CPUS) {
            seenOn(cpu, time);
        }
        int tid = batch.tid[i];
        if (tid >= 0 && tid <= Coverage.LAST_PID) {
            threads.set(tid);
        }
        int pid = batch.pid[i];
        if (pid >= 0 && pid <= Coverage.LAST_PID) {
            processes.set(pid);
        }
        int comm = batch.comm[i];
        if (comm >= 0) {
            if (comm >= comms.length) {
                comms = Arrays.copyOf(comms, Math.max(comm + 1, 2 * comms.length));
            }
            comms[comm]++;
        }
    }

    private void seenOn(int cpu, long time) {
        if (!cpus.get(cpu)) {
            cpus.set(cpu);
            if (cpu >= firstOfCpu.length) {
                firstOfCpu = Arrays.copyOf(firstOfCpu, cpu + 1);
                lastOfCpu = Arrays.copyOf(lastOfCpu, cpu + 1);
            }
            firstOfCpu[cpu] = time;
        }
        lastOfCpu[cpu] = time;
    }

    private void happens(Kind kind, Batch batch, int i) {
        long time = batch.time[i];
        int tid = batch.tid[i];
        int code = batch.code[i];
        InventoryThread thread = live.find(tid, none);
        // The kernel tells the flush of a switch after the switch, still under the thread that it leaves.
        boolean isOfSwitch = kind == Kind.SWITCH || kind == Kind.TLB_FLUSH && code == FLUSH_ON_TASK_SWITCH;
        if (!isOfSwitch) {
            thread.isFoundRunning(time);
        }
        switch (kind) {
            case SYSCALL_ENTER -> {
                if (tid < 0) {
                    calls.enterUnnamed(code);
                } else {
                    calls.enter(live.at(tid), code, time, epoch);
                }
            }
            case SYSCALL_EXIT -> {
                if (tid < 0) {
                    calls.exitUnnamed(code, batch.a[i]);
                } else {
                    InventoryThread caller = live.at(tid);
                    calls.exit(caller, code, batch.a[i], time, epoch);
                    exits.returnsToUser(caller, /* reason */ -1, 0, time);
                }
            }
            case SWITCH -> {
                switches.at(code).increment();
                if (thread != none) {
                    leaves(thread, tid, time, code);
                }
                live.find((int) batch.a[i], none).comes(time);
            }
            case EXEC -> {
                int before = (int) batch.a[i];
                if (before > 0 && tid > 0 && before != tid) {
                    calls.moved(live.at(before), live.at(tid));
                    gone(before);
                }
            }
            case EXIT -> gone(tid);
            case FAULT_USER -> userFaults.at(code).increment();
            case FAULT_KERNEL -> kernelFaults.at(code).increment();
            case TLB_FLUSH -> flushes.at(code).increment();
            case IRQ_ENTER -> interrupts.enter(batch.cpu[i], code);
            case IRQ_EXIT -> interrupts.exit(batch.cpu[i], code);
            case VM_EXIT -> {
                if (tid < 0) {
                    exits.exitUnnamed(code);
                } else {
                    exits.exit(live.at(tid), code, time, epoch);
                }
            }
            case VMM_RETURN -> exits.returnsToUser(thread, code, batch.a[i], time);
            case VM_ENTRY -> exits.entry(thread, time, epoch);
            default -> {}
        }
    }

    private void leaves(InventoryThread thread, int tid, long time, int state) {
        int letter = state & 0xff;
        if (letter == 'X' || letter == 'Z') {
            gone(tid);
        } else {
            thread.leaves(time, !TaskState.isRunnable(state));
        }
    }

    private void gone(int tid) {
        InventoryThread thread = live.find(tid, none);
        if (thread != none) {
            calls.ends(thread);
            exits.ends(thread);
            live.remove(tid);
        }
    }

    /** After the last batch. */
    Inventory result(Recording recording) {
        live.forEach((tid, thread) -> {
            calls.ends(thread);
            exits.ends(thread);
        });
        Map<Kind, Long> events = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            if (kinds[kind.ordinal()] > 0) {
                events.put(kind, kinds[kind.ordinal()]);
            }
        }
        Coverage coverage = recording.coverage();
        boolean hasSwitches = events.containsKey(Kind.SWITCH) || coverage.tells(Kind.SWITCH);
        return new Inventory(
                coverage,
                recording.tally(),
                events,
                cpus.cardinality(),
                threads.cardinality(),
                processes.cardinality(),
                span(),
                new Inventory.Unpaired(
                        calls.exitsWithoutEnter,
                        calls.newThreads,
                        calls.entersWithoutExit,
                        calls.inFlight,
                        exits.exitsWithoutEntry,
                        interrupts.exitsWithoutEnter()),
                calls.byName(events.containsKey(Kind.SYSCALL_ENTER), hasSwitches, coverage.hasCpus()),
                exits.byName(),
                InventoryTable.counts(switches),
                InventoryTable.counts(userFaults),
                InventoryTable.counts(kernelFaults),
                interrupts.counts(),
                InventoryTable.counts(flushes),
                namespaces(),
                eventsByComm(recording.names()));
    }

    private Inventory.Span span() {
        if (last == Long.MIN_VALUE) {
            return new Inventory.Span(0, 0, 0, 0, 0, 0);
        }
        // Of two CPUs whose stamps share no moment, how far they are apart at most.
        long apart = 0;
        for (int a = cpus.nextSetBit(0); a >= 0; a = cpus.nextSetBit(a + 1)) {
            apart = Math.max(apart, firstOfCpu[a]);
        }
        long earliestEnd = last;
        for (int a = cpus.nextSetBit(0); a >= 0; a = cpus.nextSetBit(a + 1)) {
            earliestEnd = Math.min(earliestEnd, lastOfCpu[a]);
        }
        return new Inventory.Span(first, last, longestGap, gapAt, runsBack, Math.max(0, apart - earliestEnd));
    }

    private Map<Integer, Map<Long, Integer>> namespaces() {
        Map<Integer, Map<Long, Integer>> threadsByInode = new TreeMap<>();
        namespaces.forEach((type, inodes) -> {
            Map<Long, Integer> counts = new TreeMap<>();
            inodes.forEach((inode, tids) -> counts.put(inode, tids.size()));
            threadsByInode.put(type, counts);
        });
        return threadsByInode;
    }

    private Map<String, Long> eventsByComm(Names names) {
        Map<String, Long> byComm = new TreeMap<>();
        for (int id = 0; id < comms.length; id++) {
            if (comms[id] > 0) {
                byComm.merge(names.name(id), comms[id], Long::sum);
            }
        }
        return byComm;
    }

    private static InventoryTable<Tally.Count> counters() {
        return new InventoryTable<>(Tally.Count::new, MOST_CODES);
    }
}
