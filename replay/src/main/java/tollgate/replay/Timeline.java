package tollgate.replay;

import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import tollgate.ingest.Batch;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.NamespaceType;
import tollgate.ingest.Selection;
import tollgate.ingest.Sidecar;
import tollgate.ingest.TaskState;
import tollgate.ingest.Tenant;
import tollgate.replay.PageSource.ExitDetail;
import tollgate.replay.PageSource.ExitOutcome;
import tollgate.replay.Task.Standing;

/**
 * Takes events apart into what each CPU does: crossings, and between them the pages that its context
 * touches. The only place that knows how events of a recording fit together.
 *
 * <p>Decisions, each with the case it prevents:
 * <ol>
 *   <li>A fault from user mode and an interrupt that returned stay open until the next event of the CPU
 *       shows user mode, since a switch may follow inside them: else a blocking fault would be charged two
 *       more crossings.
 *   <li>Pages of a system call are drawn at its end, when it is known whether it blocked, failed and how
 *       long it took; of one that blocks, the first part when it is switched out.
 *   <li>An event of a task that was not running means that a switch was not recorded: it is made up and
 *       counted, so that a recording of single tasks replays each on its CPU.
 *   <li>A kernel entry that the recording lacks (a preemption without its interrupt) is made up and counted
 *       under "context switch", so that crossings always match.
 *   <li>After loss, or a switch to a task that the recording does not name, a CPU's context is unknown: its time counts
 *       nowhere until a switch tells who runs.
 * </ol>
 */
public final class Timeline {
    /** KVM_RUN, _IO(KVMIO, 0x80) in include/uapi/linux/kvm.h. */
    private static final long KVM_RUN = 0xae80;

    private static final int IOCTL = 16;
    private static final int CLONE = 56;
    private static final int VFORK = 58;
    private static final int EXECVE = 59;
    private static final int EXECVEAT = 322;
    private static final int CLONE3 = 435;
    private static final long CLONE_VM = 0x100;

    /**
     * An idle stretch from here on empties the TLBs, in nanoseconds: 600 us is the target residency of C6 on
     * Skylake-SP in drivers/idle/intel_idle.c (from memory), the shallowest state that powers the core down.
     */
    static final long DEEP_IDLE_NANOS = 600_000;

    /** Time of the records that perf makes up about threads that existed before it started. */
    private static final long SYNTHESIZED = 0;

    /** No time, since perf trace has some that are a little less than 0. */
    private static final long UNCOUNTED = Long.MIN_VALUE;

    /** Crossings from user mode between two marks for the bootstrap, where all of a trace is measured. */
    private static final int ENTRIES_PER_MARK = 64;

    private final Names names;
    private final Sidecar sidecar;
    private final List<Selection> namedNamespaces;
    private final List<Tenant> tenants;
    private final PageSource drawn;
    private final PageSource untouched;
    private boolean hasDurations = true;
    private PageSource pages;
    private Sampling sampling = Sampling.EXACT;
    private final Facts facts = new Facts();
    private final Tasks tasks = new Tasks();
    private Cpu[] cpus = new Cpu[0];
    private int[] tasksOfMm = new int[64];
    private int[] generationOfMm = new int[64];
    /** By number; 0 is the initial namespace. Those named in the sidecar come first. */
    private long[] inodeOfNamespace;

    private int namespaces;
    private int mms;
    private boolean[] isKernelName = new boolean[0];
    private boolean[] isNameJudged = new boolean[0];
    private Steps out;
    private Cpu cpu;
    private long position = -1;
    private long now;
    private int unmarked;
    /** Whether the event at hand is in the region and measured. */
    private boolean isInRegion;

    private long regionFrom = Long.MIN_VALUE;
    private long regionTo = Long.MIN_VALUE;

    /**
     * @param names of the recording that will be read
     * @param sidecar says which tasks and which stretch are the workload, and what the recording leaves out
     * @param pages where accesses come from
     */
    public Timeline(Names names, Sidecar sidecar, PageSource pages) {
        this.names = names;
        this.sidecar = sidecar;
        this.drawn = pages;
        this.pages = pages;
        untouched = new Untouched(pages);
        namedNamespaces = List.copyOf(new TreeMap<>(sidecar.namespaces()).values());
        namespaces = 1 + namedNamespaces.size();
        tenants = List.copyOf(new TreeMap<>(sidecar.tenants()).values());
        inodeOfNamespace = new long[namespaces + 8];
        Arrays.fill(inodeOfNamespace, Selection.NO_INODE);
        for (int i = 0; i < namedNamespaces.size(); i++) {
            for (long inode : namedNamespaces.get(i).inodes()) {
                inodeOfNamespace[i + 1] = inode;
            }
        }
    }

    private static final class Cpu {
        final int number;
        final AsidJudge judge;
        Task task;
        /** Since when the task is in user mode, or the CPU idle. */
        long since;
        /** When the CPU took the task. */
        long takenAt;
        /** Since when the task runs for the workload's account; {@link #UNCOUNTED} when nobody's time is counted. */
        long busySince = UNCOUNTED;

        boolean isReturning;
        long returnTime;
        int nested;
        boolean isLost;
        long lostSince;

        Cpu(int number, Facts facts) {
            this.number = number;
            judge = new AsidJudge(facts);
        }
    }

    public Facts facts() {
        return facts;
    }

    /** Measures some stretches only; all if nobody says. @return this */
    public Timeline sampled(Sampling sampling) {
        this.sampling = sampling;
        facts.sampledOneIn = sampling.every();
        return this;
    }

    /** Calls lasted as long as the recorder made them: it stops a task at each event. @return this */
    public Timeline withoutDurations() {
        hasDurations = false;
        return this;
    }

    /** Takes a batch apart; appends what it means to the steps. */
    public void accept(Batch batch, Steps steps) {
        out = steps;
        for (int i = 0; i < batch.size(); i++) {
            position++;
            now = batch.time[i];
            if (now != SYNTHESIZED || facts.firstTime != Long.MAX_VALUE) {
                begin();
                facts.lastTime = Math.max(facts.lastTime, now);
                pages = sampling.touches(position) ? drawn : untouched;
                updateRegion();
            }
            event(batch, i);
            if (sampling.isExact() && unmarked >= ENTRIES_PER_MARK) {
                mark(now);
            }
        }
        facts.events += batch.size();
    }

    /** Ends the trace: closes what is open. */
    public void finish(Steps steps) {
        out = steps;
        for (Cpu c : cpus) {
            if (c != null) {
                now = facts.lastTime;
                select(c);
                account(c);
            }
        }
        mark(now);
        facts.drawn = drawn.drawn();
        facts.borrowed = drawn.borrowed();
    }

    private void event(Batch batch, int i) {
        Kind kind = batch.kind(i);
        int number = batch.cpu[i];
        int tid = batch.tid[i];
        if (kind == Kind.LOST) {
            lose(number);
            return;
        }
        Task task = known(tid, number, batch.pid[i], batch.comm[i], kind);
        if (kind == Kind.NAME) {
            return;
        }
        Cpu c = select(cpuOf(number, task));
        if (c.task != task && task != null && runsOnCpu(kind, batch.code[i])) {
            switchUnseen(c, task);
        }
        if (c.task == null) {
            return;
        }
        facts.probed += c.busySince != UNCOUNTED ? 1 : 0;
        int code = batch.code[i];
        long a = batch.a[i];
        long b = batch.b[i];
        switch (kind) {
            case SYSCALL_ENTER -> enterSyscall(c, code, a, b);
            case SYSCALL_EXIT -> exitSyscall(c, a);
            case FAULT_USER -> faultFromUser(c, code);
            case FAULT_KERNEL -> faultInKernel(c, code);
            case IRQ_ENTER -> enterInterrupt(c, code);
            case IRQ_EXIT -> exitInterrupt(c);
            case SWITCH -> switchTask(c, code, (int) a, (int) b);
            case TLB_FLUSH -> flush(c, code, a);
            case FORK -> fork(c, code, (int) a, (int) b);
            case EXEC -> exec(c);
            case EXIT -> c.task.isExiting = true;
            case VM_ENTRY -> enterGuest(c);
            case VM_EXIT -> exitGuest(c, code, a);
            case VMM_RETURN -> returnToVmm(c);
            case GUEST_FAULT -> {
                if (c.task.isExitOpen) {
                    cross(Crossing.GUEST_FAULT, 0, 0);
                }
            }
            case GUEST_MMIO -> c.task.exitDetail = code == 3 ? ExitDetail.MMIO_EVENTFD : ExitDetail.MMIO;
            case NAMESPACE -> moveToNamespace(c, code, a);
            default -> {} // wakeups, softirqs and details of exits change no context
        }
    }

    /** Kinds that can only come from the task that runs on the CPU. A flush at a switch is told under the task left. */
    private static boolean runsOnCpu(Kind kind, int code) {
        return switch (kind) {
            case TLB_FLUSH -> code != AsidJudge.TASK_SWITCH;
            case FORK, EXIT, WAKEUP, NAMESPACE, GUEST_IRQ -> false;
            default -> true;
        };
    }

    // ---- system calls, faults, interrupts ------------------------------------------------------------

    private void enterSyscall(Cpu c, int number, long a, long b) {
        Task task = c.task;
        leaveKernel(c);
        enterFromUser(c, Cause.of(Cause.Family.SYSCALL, number & 0xfffffff));
        task.standing = Standing.SYSCALL;
        task.syscall = number;
        task.syscallArgument = a;
        task.syscallSince = now;
        task.hasBlocked = false;
        task.isKvmRun = number == IOCTL && b == KVM_RUN;
        task.isExitOpen = false;
        task.hasLeftToVmm = false;
    }

    private void exitSyscall(Cpu c, long result) {
        Task task = c.task;
        closeNested(c);
        settle(c);
        switch (task.standing) {
            case SYSCALL -> {
                boolean failed = result < 0 && result >= -4095;
                if (task.hasBlocked) {
                    pages.syscallResumes(out, task.index, task.mm, failed, position);
                } else if (!task.isKvmRun) {
                    pages.syscall(out, task.syscall, task.index, task.mm, failed, nanos(task), position);
                }
            }
            case NEWBORN -> pages.newTask(out, task.index, task.mm, position);
            case UNKNOWN -> {}
            default -> {
                facts.unpaired++;
                return;
            }
        }
        task.isKvmRun = false;
        task.hasBlocked = false;
        returnToUser(c, now);
    }

    /** How long the task's call ran so far. */
    private long nanos(Task task) {
        return hasDurations ? now - task.syscallSince : -1;
    }

    private void faultFromUser(Cpu c, int errorCode) {
        Task task = c.task;
        leaveKernel(c);
        enterFromUser(c, Cause.USER_FAULT);
        pages.fault(out, true, errorCode, task.index, task.mm, position);
        task.standing = Standing.FAULT;
        c.isReturning = true;
        c.returnTime = now;
    }

    private void faultInKernel(Cpu c, int errorCode) {
        if (c.task.standing == Standing.USER) {
            facts.unpaired++;
            enterFromUser(c, Cause.UNKNOWN);
            c.task.standing = Standing.INTERRUPT;
            c.isReturning = true;
            c.returnTime = now;
        }
        cross(Crossing.KERNEL_ENTRY, Cause.KERNEL_FAULT, 0);
        pages.fault(out, false, errorCode, c.task.index, c.task.mm, position);
        cross(Crossing.KERNEL_RETURN, 0, 0);
    }

    private void enterInterrupt(Cpu c, int vector) {
        Task task = c.task;
        settle(c);
        int cause = Cause.of(Cause.Family.INTERRUPT, vector);
        boolean fromUser = task.standing == Standing.USER;
        if (fromUser) {
            enterFromUser(c, cause);
            task.standing = Standing.INTERRUPT;
        } else {
            cross(Crossing.KERNEL_ENTRY, cause, 0);
            c.nested++;
            task.wasInterrupted = true;
        }
        pages.interrupt(out, vector, fromUser, task.index, task.mm, position);
    }

    private void exitInterrupt(Cpu c) {
        if (c.nested > 0) {
            cross(Crossing.KERNEL_RETURN, 0, 0);
            c.nested--;
        } else if (c.task.standing == Standing.INTERRUPT) {
            c.isReturning = true;
            c.returnTime = now;
        } else {
            facts.unpaired++;
        }
    }

    /** Whatever the task did in the kernel is over: the next event shows it in user mode. */
    private void leaveKernel(Cpu c) {
        closeNested(c);
        settle(c);
        if (c.task.standing != Standing.USER) {
            if (c.task.standing == Standing.SYSCALL || c.task.standing == Standing.INTERRUPT) {
                facts.unpaired++;
            }
            returnToUser(c, now);
        }
    }

    /** A fault or interrupt that was about to return has returned. */
    private void settle(Cpu c) {
        if (c.isReturning) {
            returnToUser(c, c.returnTime);
        }
    }

    private void closeNested(Cpu c) {
        for (; c.nested > 0; c.nested--) {
            cross(Crossing.KERNEL_RETURN, 0, 0);
        }
    }

    private void enterFromUser(Cpu c, int cause) {
        Task task = c.task;
        if (task.mm == Steps.NO_MM) {
            adoptMm(c, task);
        }
        if (now > c.since) {
            pages.user(out, task.index, task.mm, now - c.since, position);
        }
        cross(Crossing.USER_ENTRY, cause, 0);
        if (counts(task)) {
            facts.entries++;
            unmarked++;
        }
    }

    private void returnToUser(Cpu c, long time) {
        out.crossing(Crossing.USER_RETURN, 0, time, 0);
        c.isReturning = false;
        c.since = time;
        c.task.standing = Standing.USER;
    }

    // ---- context switches ----------------------------------------------------------------------------

    private void switchTask(Cpu c, int state, int nextTid, int nextComm) {
        facts.hasSwitches = true;
        facts.switches++;
        Task previous = c.task;
        Task next = known(nextTid, c.number, -1, nextComm, Kind.SWITCH);
        if (next == null) {
            lose(c.number);
            return;
        }
        if (next == previous) {
            return;
        }
        closeNested(c);
        boolean isOver = (state & 0xff) == 'X' || (state & 0xff) == 'Z' || previous.isExiting;
        switch (previous.standing) {
            case USER -> {
                enterFromUser(c, Cause.CONTEXT_SWITCH);
                previous.standing = Standing.INTERRUPT;
                drawSwitchOut(previous);
            }
            case SYSCALL -> {
                if (previous.isKvmRun) {
                    drawExit(previous, ExitOutcome.SCHEDULED);
                } else if (isOver || TaskState.isRunnable(state)) {
                    drawSwitchOut(previous);
                } else {
                    pages.syscallBlocks(out, previous.syscall, previous.index, previous.mm, nanos(previous), position);
                    previous.hasBlocked = true;
                }
            }
            default -> {
                if (previous.isExitOpen) {
                    drawExit(previous, ExitOutcome.SCHEDULED);
                } else {
                    drawSwitchOut(previous);
                }
            }
        }
        run(c, next);
        drawSwitchIn(next);
        if (isOver && !previous.isIdle()) {
            end(previous);
        }
    }

    /** The recording lacks the switch to this task. */
    private void switchUnseen(Cpu c, Task next) {
        if (c.task != null) {
            facts.unseenSwitches++;
            closeNested(c);
            if (c.task.standing == Standing.USER) {
                enterFromUser(c, Cause.CONTEXT_SWITCH);
                c.task.standing = Standing.INTERRUPT;
            }
        }
        run(c, next);
    }

    /**
     * The kernel reports every load of another mm. If it reported none since this task was taken, the task runs on
     * the mm that was loaded before: it is a thread of that process; or, if that happens with two different
     * processes and it was never seen in user mode, a kernel thread.
     */
    private void learnMm(Cpu c) {
        Task task = c.task;
        if (task == null || !c.judge.isOpen() || facts.asidCompared == 0) {
            return;
        }
        int before = c.judge.loadedBefore();
        c.judge.dismiss(before == Steps.NO_MM ? 0 : generationOfMm[before]);
        if (before == Steps.NO_MM || task.mm == Steps.NO_MM || before == task.mm) {
            return;
        }
        int old = task.mm;
        if (!task.hasLearnedMm) {
            task.hasLearnedMm = true;
            task.mm = before;
            tasksOfMm[before]++;
        } else if (task.standing == Standing.UNKNOWN) {
            task.mm = Steps.NO_MM;
            task.standing = Standing.KERNEL_THREAD;
        }
        if (task.mm != old) {
            release(old);
        }
    }

    /** The CPU takes this task. */
    private void run(Cpu c, Task next) {
        learnMm(c);
        account(c);
        if (c.task != null && c.task.isIdle() && now - c.since >= DEEP_IDLE_NANOS) {
            cross(Crossing.DEEP_IDLE, 0, 0);
        }
        c.isReturning = next.standing == Standing.FAULT || next.standing == Standing.INTERRUPT;
        c.returnTime = now;
        c.since = now;
        c.takenAt = now;
        c.isLost = false;
        if (c.task != null) {
            c.task.leftAt = now;
        }
        next.syscallSince += now - next.leftAt; // a call that was preempted did not run meanwhile
        c.task = next;
        c.busySince = counts(next) ? now : UNCOUNTED;
        cross(Crossing.SWITCH, next.index, owner(next));
        if (next.mm != Steps.NO_MM) {
            c.judge.load(next.mm, generationOfMm[next.mm]);
        }
    }

    /** Adds the time since the task was taken to the workload's, if it counts. */
    private void account(Cpu c) {
        if (c.busySince != UNCOUNTED) {
            long from = Math.max(c.busySince, regionFrom);
            long to = Math.min(now, regionTo);
            facts.busyNanos += Math.max(to - from, 0);
            c.busySince = counts(c.task) ? now : UNCOUNTED;
        }
    }

    private void drawSwitchOut(Task previous) {
        pages.switchOut(out, previous.index, previous.mm, position);
    }

    /** What is drawn at the end of a blocked call, of a new task's start and of a VM exit contains the way in. */
    private void drawSwitchIn(Task next) {
        if (!next.hasBlocked && !next.isKvmRun && next.standing != Standing.NEWBORN) {
            pages.switchIn(out, next.index, next.mm, position);
        }
    }

    // ---- processes -----------------------------------------------------------------------------------

    private void fork(Cpu c, int childPid, int childTid, int childComm) {
        Task parent = c.task;
        Task stale = tasks.find(childTid);
        if (stale != null) {
            if (stale.standing == Standing.NEWBORN) {
                return; // two reports of one fork: tracepoint and perf record
            }
            end(stale);
        }
        boolean isThread = childPid >= 0 ? childPid == parent.pid : sharesMm(parent);
        Task child = add(childTid, isThread ? parent.pid : childPid, isThread ? parent.mm : newMm());
        if (!isThread) {
            pages.newMm(child.mm);
        }
        child.comm = childComm >= 0 ? childComm : parent.comm;
        child.namespace = parent.namespace;
        child.standing = parent.mm == Steps.NO_MM ? Standing.KERNEL_THREAD : Standing.NEWBORN;
        judgeSelection(child);
    }

    /** Whether the clone that the task is in makes a child on the same mm. clone3 hides its flags in memory: taken for pthread_create. */
    private static boolean sharesMm(Task parent) {
        return parent.standing == Standing.SYSCALL
                && (parent.syscall == CLONE && (parent.syscallArgument & CLONE_VM) != 0
                        || parent.syscall == VFORK
                        || parent.syscall == CLONE3);
    }

    private void exec(Cpu c) {
        Task task = c.task;
        int old = task.mm;
        task.mm = task.execMm >= 0 ? task.execMm : newMm();
        task.execMm = -1;
        tasksOfMm[task.mm]++;
        pages.newMm(task.mm);
        cross(Crossing.EXEC, task.index, owner(task));
        c.judge.load(task.mm, generationOfMm[task.mm]);
        release(old);
        judgeSelection(task);
        if (task.standing == Standing.UNKNOWN) {
            task.standing = Standing.SYSCALL;
            task.syscall = EXECVE;
            task.syscallSince = now;
        }
    }

    private static boolean isInExec(Task task) {
        return task.standing == Standing.SYSCALL && (task.syscall == EXECVE || task.syscall == EXECVEAT);
    }

    private void end(Task task) {
        if (tasks.find(task.tid) != task) {
            return; // told of before, by another CPU that it seemed to run on
        }
        cross(Crossing.TASK_EXIT, task.index, 0);
        release(task.mm);
        pages.forget(task.index);
        tasks.remove(task);
    }

    private void release(int mm) {
        if (mm != Steps.NO_MM && --tasksOfMm[mm] == 0) {
            cross(Crossing.MM_EXIT, mm, 0);
            pages.forgetMm(mm);
        }
    }

    private int newMm() {
        int mm = mms++;
        if (mm >= tasksOfMm.length) {
            tasksOfMm = Arrays.copyOf(tasksOfMm, mm * 2);
            generationOfMm = Arrays.copyOf(generationOfMm, mm * 2);
        }
        generationOfMm[mm] = 1;
        return mm;
    }

    /** A thread taken for a kernel thread turns out to have a user mode. */
    private void adoptMm(Cpu c, Task task) {
        task.mm = newMm();
        tasksOfMm[task.mm]++;
        cross(Crossing.SWITCH, task.index, owner(task));
        if (c.isLost) { // that tells who runs
            c.isLost = false;
            c.busySince = counts(task) ? now : UNCOUNTED;
        }
    }

    private Task add(int tid, int pid, int mm) {
        Task task = tasks.add(tid, pid, mm);
        if (mm != Steps.NO_MM) {
            tasksOfMm[mm]++;
        }
        return task;
    }

    private void moveToNamespace(Cpu c, int type, long inode) {
        if (type != NamespaceType.NET.ordinal()) {
            return;
        }
        int known = 1;
        while (known < namespaces && inodeOfNamespace[known] != inode) {
            known++;
        }
        if (known == namespaces) {
            if (namespaces == inodeOfNamespace.length) {
                inodeOfNamespace = Arrays.copyOf(inodeOfNamespace, namespaces * 2);
                Arrays.fill(inodeOfNamespace, namespaces, namespaces * 2, Selection.NO_INODE);
            }
            inodeOfNamespace[namespaces++] = inode;
        }
        if (c.task.namespace != known) {
            c.task.namespace = known;
            cross(Crossing.NAMESPACE, 0, owner(c.task));
            judgeSelection(c.task);
        }
    }

    // ---- flushes -------------------------------------------------------------------------------------

    /** enum tlb_flush_reason, include/linux/mm_types.h: 1 received, 2 and 3 local, 4 sent, 5 wrong CPU. */
    private void flush(Cpu c, int reason, long pages) {
        if (reason == AsidJudge.TASK_SWITCH) {
            if (!c.judge.isOpen() && isInExec(c.task) && c.task.execMm < 0) { // told before sched_process_exec
                c.task.execMm = newMm();
                c.judge.load(c.task.execMm, 1);
            }
            c.judge.verdict(pages);
            return;
        }
        if (reason > 4 || c.task.mm == Steps.NO_MM) {
            return;
        }
        if (c.task.standing == Standing.USER) { // an IPI whose interrupt is not recorded
            enterFromUser(c, Cause.of(Cause.Family.INTERRUPT, CALL_FUNCTION_VECTOR));
            c.task.standing = Standing.INTERRUPT;
            c.isReturning = true;
            c.returnTime = now;
        }
        Crossing crossing = switch (reason) {
            case 1 -> Crossing.FLUSH_RECEIVE;
            case 4 -> Crossing.FLUSH_SEND;
            default -> Crossing.FLUSH_LOCAL;
        };
        if (crossing != Crossing.FLUSH_RECEIVE) {
            generationOfMm[c.task.mm]++;
            c.judge.catchUp(generationOfMm[c.task.mm]);
        }
        cross(crossing, 0, pages);
    }

    /** CALL_FUNCTION_SINGLE_VECTOR, arch/x86/include/asm/irq_vectors.h. */
    private static final int CALL_FUNCTION_VECTOR = 0xfb;

    // ---- virtual machines ----------------------------------------------------------------------------

    private void enterGuest(Cpu c) {
        Task task = c.task;
        closeNested(c);
        settle(c);
        if (task.hasLeftToVmm) { // no system calls recorded: the trip through the VMM is made up
            returnToUser(c, now);
        }
        if (task.standing == Standing.USER) {
            enterFromUser(c, Cause.of(Cause.Family.SYSCALL, IOCTL));
            task.standing = Standing.SYSCALL;
            task.syscall = IOCTL;
            task.isKvmRun = true;
            task.hasBlocked = false;
        }
        task.hasLeftToVmm = false;
        if (task.isExitOpen) {
            drawExit(task, task.wasInterrupted ? ExitOutcome.INTERRUPTED : ExitOutcome.IN_KERNEL);
        } else {
            pages.vmReentry(out, task.exitReason, task.index, task.mm, task.mm, position);
        }
        task.isInGuest = true;
        cross(Crossing.VM_ENTRY, task.mm, 0);
    }

    private void exitGuest(Cpu c, int reason, long info1) {
        Task task = c.task;
        if (!task.isInGuest) {
            facts.unpaired++;
        }
        task.isInGuest = false;
        task.exitReason = reason;
        task.exitDetail = ExitDetails.of(reason, info1);
        task.isExitOpen = true;
        task.wasInterrupted = false;
        cross(Crossing.VM_EXIT, Cause.of(Cause.Family.VM_EXIT, reason), task.mm);
        if (counts(task)) {
            facts.exits++;
            unmarked++;
        }
    }

    private void returnToVmm(Cpu c) {
        closeNested(c);
        drawExit(c.task, ExitOutcome.USERSPACE);
        c.task.hasLeftToVmm = true;
        cross(Crossing.VMM_RETURN, 0, 0);
    }

    private void drawExit(Task task, ExitOutcome outcome) {
        if (task.isExitOpen) {
            task.isExitOpen = false;
            pages.vmExit(out, task.exitReason, task.exitDetail, outcome, task.index, task.mm, task.mm, position);
        }
    }

    // ---- who runs where ------------------------------------------------------------------------------

    private void lose(int number) {
        for (Cpu c : cpus) {
            if (c != null && (number < 0 || c.number == number)) {
                select(c);
                account(c);
                c.busySince = UNCOUNTED;
                c.isLost = true;
                c.lostSince = now;
                c.nested = 0;
                c.isReturning = false;
                if (c.task != null && c.task.standing != Standing.KERNEL_THREAD) {
                    c.task.standing = Standing.UNKNOWN;
                }
                cross(Crossing.LOST, 0, 0);
            }
        }
    }

    private void begin() {
        if (facts.firstTime == Long.MAX_VALUE) {
            facts.firstTime = now;
            regionFrom = sidecar.stretch().from().at(now);
            regionTo = sidecar.stretch().to().at(now);
        }
    }

    private void updateRegion() {
        boolean measured = sampling.measures(position);
        boolean inside = measured && now >= regionFrom && now < regionTo;
        facts.measured += inside ? 1 : 0;
        if (inside != isInRegion) {
            long from = sampling.measures(position - 1) ? regionFrom : now;
            long at = inside ? from : Math.min(now, regionTo);
            for (Cpu c : cpus) {
                if (c != null && c.task != null) {
                    select(c);
                    account(c);
                    isInRegion = inside;
                    c.busySince = counts(c.task) && !c.isLost ? Math.max(c.takenAt, from) : UNCOUNTED;
                    out.crossing(Crossing.SELECT, 0, at, owner(c.task));
                    isInRegion = !inside;
                }
            }
            isInRegion = inside;
            if (!inside && !sampling.isExact()) {
                mark(at); // whole stretches were chosen: what lies in one is not independent of the rest of it
            }
        }
    }

    /** A piece of the trace ends, one of those that are drawn with replacement. */
    private void mark(long time) {
        unmarked = 0;
        out.crossing(Crossing.SEGMENT, 0, time, facts.busyNanos);
    }

    private Cpu select(Cpu c) {
        if (cpu != c) {
            cpu = c;
            out.crossing(Crossing.CPU, c.number, now, 0);
        }
        return c;
    }

    /** A recording without CPUs puts each thread on its own. */
    private Cpu cpuOf(int number, Task task) {
        int n = number >= 0 ? number : task == null ? 0 : task.index;
        if (n >= cpus.length) {
            cpus = Arrays.copyOf(cpus, Math.max(cpus.length * 2, n + 1));
        }
        if (cpus[n] == null) {
            cpus[n] = new Cpu(n, facts);
            facts.cpus++;
        }
        return cpus[n];
    }

    /** The task of an event, made known if need be; null if the event does not name it. */
    private Task known(int tid, int cpu, int pid, int comm, Kind kind) {
        if (tid < 0) {
            return null;
        }
        int key = tid == 0 ? -1 - Math.max(cpu, 0) : tid;
        Task task = tasks.find(key);
        if (task == null) {
            boolean isKernel = tid == 0 || comm >= 0 && isKernelName(comm);
            Task leader = pid >= 0 && pid != tid ? tasks.find(pid) : null;
            int mm = isKernel ? Steps.NO_MM : leader != null ? leader.mm : newMm();
            task = add(key, pid, mm);
            task.standing = isKernel ? Standing.KERNEL_THREAD : Standing.UNKNOWN;
            task.comm = comm;
            judgeSelection(task);
        } else if (comm >= 0 && comm != task.comm) {
            task.comm = comm;
            judgeSelection(task);
        }
        if (pid >= 0 && task.pid != pid) {
            task.pid = pid;
            judgeSelection(task);
        }
        return task;
    }

    private void judgeSelection(Task task) {
        String comm = names.name(task.comm);
        for (int i = 0; i < namedNamespaces.size(); i++) {
            if (namedNamespaces.get(i).contains(task.tid, task.pid, comm, inodeOfNamespace[task.namespace])) {
                task.namespace = i + 1;
            }
        }
        for (int i = 0; i < tenants.size() && i < Steps.MOST_TENANTS; i++) {
            if (tenants.get(i).tasks().contains(task.tid, task.pid, comm, inodeOfNamespace[task.namespace])) {
                task.tenant = i + 1;
                break;
            }
        }
        boolean selected = task.tid > 0
                && task.standing != Standing.KERNEL_THREAD
                && sidecar.selects(task.tid, task.pid, comm, inodeOfNamespace[task.namespace]);
        if (selected == task.isSelected) {
            return;
        }
        task.isSelected = selected;
        Cpu current = cpu;
        for (Cpu c : cpus) {
            if (c != null && c.task == task) {
                select(c);
                if (c.busySince != UNCOUNTED) {
                    account(c);
                } else if (counts(task) && !c.isLost) {
                    c.busySince = now;
                }
                cross(Crossing.SELECT, 0, owner(task));
            }
        }
        if (current != null) {
            select(current); // the task may be taken to run on a CPU that it has left unseen
        }
    }

    private boolean isKernelName(int comm) {
        if (comm >= isNameJudged.length) {
            isNameJudged = Arrays.copyOf(isNameJudged, Math.max(64, comm * 2));
            isKernelName = Arrays.copyOf(isKernelName, isNameJudged.length);
        }
        if (!isNameJudged[comm]) {
            isNameJudged[comm] = true;
            isKernelName[comm] = KernelThreads.hasName(names.name(comm));
        }
        return isKernelName[comm];
    }

    private boolean counts(Task task) {
        return isInRegion && task.isSelected;
    }

    private long owner(Task task) {
        return Steps.owner(task.mm, task.namespace, counts(task), task.isIdle(), task.tenant);
    }

    private void cross(Crossing crossing, long argument, long extra) {
        out.crossing(crossing, argument, now, extra);
    }
}
