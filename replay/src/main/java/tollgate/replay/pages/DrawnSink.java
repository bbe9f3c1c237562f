package tollgate.replay.pages;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tollgate.replay.Access;
import tollgate.replay.Cause;
import tollgate.replay.Region;
import tollgate.replay.Steps;

/**
 * Takes the kernel's pages out of a trace and puts drawn ones in their place, as if the trace had been recorded
 * without addresses: entry, number, end, switches and instructions of each event are all that is used. Kernel threads
 * and the idle task, which no recording shows at work, keep their pages.
 */
final class DrawnSink implements PageTrace.Sink {
    private static final int NEW_TASK = PageStream.NEW_TASK;
    private static final int[] FORKS = {56, 57, 58, 435};
    /** execve, execveat */
    private static final List<Integer> EXECS = List.of(59, 322);
    /** exit, exit_group */
    private static final List<Integer> EXITS = List.of(60, 231);

    /** An event that a task is in. */
    private static final class Open {
        final int cause;
        final boolean fromUser;
        int number;
        long instructions;
        boolean switched;

        Open(int cause, boolean fromUser) {
            this.cause = cause;
            this.fromUser = fromUser;
        }
    }

    private final PageStream pages;
    private final Vectors vectors;
    private final boolean drawsUser;
    private final PageTrace.Sink[] sinks;
    private final Steps steps = new Steps(1 << 12);
    private final Map<Integer, Deque<Open>> asleep = new HashMap<>();
    /** Address space by task. */
    private final Map<Integer, Integer> spaces = new HashMap<>();

    private Deque<Open> open = new ArrayDeque<>();
    private int task;
    private int mm = PageTrace.FIRST_ADDRESS_SPACE;
    private int forks;

    private boolean isUser = true;
    private boolean isUnknown;
    private boolean cr3Pending;
    private long position;

    DrawnSink(PageStream pages, Vectors vectors, boolean drawsUser, PageTrace.Sink... sinks) {
        this.pages = pages;
        this.vectors = vectors;
        this.drawsUser = drawsUser;
        this.sinks = sinks;
    }

    @Override
    public void access(long page, int type) {
        boolean isReal;
        if (isUser) {
            isReal = !drawsUser && page >= 0; // the fetch of the entry stub belongs to the entry
        } else {
            isReal = open.isEmpty() || isUnknown || !drawsUser && page >= 0;
        }
        if (isReal) {
            for (PageTrace.Sink sink : sinks) {
                sink.access(page, type);
            }
        }
    }

    @Override
    public void event(int code, long instructions, long loads, long stores, long argument) {
        position++;
        if (isUser) {
            if (drawsUser && (code == PageTrace.SYSCALL_ENTRY || code == PageTrace.EXCEPTION_ENTRY)) {
                pages.user(steps, task, mm, instructions, position);
                emit();
            }
        } else if (!open.isEmpty()) {
            open.peek().instructions += instructions;
        }
        switch (code) {
            case PageTrace.SYSCALL_ENTRY -> enter(new Open(Cause.of(Cause.Family.SYSCALL, 0), true));
            case PageTrace.EXCEPTION_ENTRY -> enter(new Open(vectors.cause((int) argument, isUser), isUser));
            case PageTrace.SYSCALL_NUMBER -> number((int) argument);
            case PageTrace.KERNEL_RETURN -> endNested();
            case PageTrace.USER_RETURN -> returnToUser();
            case PageTrace.CR3_WRITE -> {
                if (argument == PageTrace.CR3_OTHER_MM) {
                    cr3Pending = true; // the switch-out's pages come before it
                    return;
                }
            }
            case PageTrace.TASK -> switchTo((int) argument);
            case PageTrace.ADDRESS_SPACE -> {
                flushCr3();
                runIn((int) argument);
            }
            default -> {}
        }
        pass(code, instructions, argument);
    }

    private void enter(Open event) {
        isUser = false;
        isUnknown = false;
        open.push(event);
    }

    private void number(int nr) {
        if (!open.isEmpty()) {
            open.peek().number = nr;
            for (int fork : FORKS) {
                forks += fork == nr ? 1 : 0;
            }
        }
    }

    private void endNested() {
        if (!open.isEmpty() && !open.peek().fromUser && isInterrupt(open.peek().cause)) {
            finish(open.pop());
        }
    }

    private static boolean isInterrupt(int cause) {
        return Cause.family(cause) == Cause.Family.INTERRUPT || Cause.family(cause) == Cause.Family.FAULT;
    }

    private void returnToUser() {
        flushCr3();
        if (!isUnknown) {
            while (!open.isEmpty()) {
                finish(open.pop());
            }
        }
        open.clear();
        isUser = true;
        isUnknown = false;
    }

    private void finish(Open event) {
        int cause = event.cause;
        switch (Cause.family(cause)) {
            case SYSCALL -> {
                if (event.switched) {
                    pages.syscallResumes(steps, task, mm, false, position);
                } else {
                    pages.syscall(steps, event.number, task, mm, false, event.instructions, position);
                }
            }
            case FAULT -> {
                if (event.switched) {
                    pages.switchIn(steps, task, mm, position);
                } else {
                    pages.fault(steps, event.fromUser, 0, task, mm, position);
                }
            }
            case INTERRUPT -> {
                if (event.switched) {
                    pages.switchIn(steps, task, mm, position);
                } else {
                    pages.interrupt(steps, Cause.number(cause), event.fromUser, task, mm, position);
                }
            }
            default -> pages.newTask(steps, task, mm, position);
        }
        emit();
    }

    private void switchTo(int next) {
        if (!open.isEmpty() && !isUnknown) {
            Open top = open.peek();
            if (Cause.family(top.cause) == Cause.Family.SYSCALL) {
                pages.syscallBlocks(steps, top.number, task, mm, top.instructions, position);
            } else if (!top.switched && isInterrupt(top.cause)) {
                finish(top);
                pages.switchOut(steps, task, mm, position);
            }
            emit();
            for (Open event : open) {
                event.switched = true;
            }
        }
        flushCr3();
        if (isIn(EXITS)) {
            leave(task);
            pages.forget(task);
            mm = Steps.NO_MM;
        } else {
            asleep.put(task, open);
        }
        task = next;
        open = asleep.getOrDefault(next, new ArrayDeque<>());
        isUnknown = false;
        if (asleep.remove(next) == null) {
            isUnknown = forks == 0;
            open.push(new Open(forks > 0 ? NEW_TASK : Cause.UNKNOWN, false));
            forks -= forks > 0 ? 1 : 0;
        } else if (!open.isEmpty() && open.peek().cause == Cause.UNKNOWN) {
            isUnknown = true;
        }
    }

    /** After a switch, or in an exec, which leaves the former address space. Kernel threads borrow whichever there is. */
    private void runIn(int space) {
        if (isIn(EXITS)) {
            return; // init's, up to the switch
        }
        mm = space;
        if (isIn(EXECS)) {
            leave(task);
        }
        if (!isUnknown) {
            boolean isNew = !spaces.containsValue(space);
            spaces.put(task, space);
            if (isNew && (isIn(EXECS) || !open.isEmpty() && open.peek().cause == NEW_TASK)) {
                pages.newMm(space);
            }
        }
    }

    private void leave(int from) {
        Integer space = spaces.remove(from);
        if (space != null && !spaces.containsValue(space)) {
            pages.forgetMm(space);
        }
    }

    private boolean isIn(List<Integer> calls) {
        return open.stream().anyMatch(event -> event.fromUser && calls.contains(event.number));
    }

    private void flushCr3() {
        if (cr3Pending) {
            cr3Pending = false;
            pass(PageTrace.CR3_WRITE, 0, PageTrace.CR3_OTHER_MM);
        }
    }

    private void pass(int code, long instructions, long argument) {
        for (PageTrace.Sink sink : sinks) {
            sink.event(code, instructions, 0, 0, argument);
        }
    }

    private void emit() {
        for (int i = 0; i < steps.size(); i++) {
            long access = steps.words()[i];
            if (drawsUser || Access.region(access) != Region.USER) {
                for (PageTrace.Sink sink : sinks) {
                    sink.access(Access.page(access), Access.type(access));
                }
            }
        }
        steps.clear();
    }
}
