package tollgate.replay.pages;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tollgate.ingest.ExitReason;
import tollgate.replay.Access;
import tollgate.replay.Cause;

/**
 * Cuts a stream into invocations: every access belongs to the innermost event that runs, so what is nested
 * is exclusive; a task's open events sleep with it and go on when it is switched in again.
 *
 * <p>Accesses are thinned to a quarter, since each is looked up in every lane later: one whose page was among the last
 * {@value #DISTANCE} distinct pages of its side (fetch, or load and store) is left out, for it hits in the first level. The first store
 * to a page stays, and so does one access in {@value #REFRESH} records to a page that is touched all along, so that a strategy which flushes
 * in the middle of a call finds the hot pages missing. Measured on the streams themselves, {@value #DISTANCE} against 3
 * moves the cost of page-table isolation by less than 0.5 % with large kernel pages and 1 % with small ones.
 * from kernel mode; one that came from user mode ends with event 1.
 */
final class Cutter {
    static final int DISTANCE = 16;
    /** Records after which a page is kept again although it was touched all along. */
    static final int REFRESH = 64;
    /** Pseudo cause of a user-mode stretch. */
    static final int USER = Cause.of(Cause.Family.UNKNOWN, 1);

    private static final int CLONE = 56;
    private static final int VFORK = 58;
    private static final int CLONE3 = 435;
    private static final int IOCTL = 16;
    /** Reason of a first KVM_RUN, which follows no exit. */
    static final int NO_EXIT = -1;

    final List<Invocation> invocations = new ArrayList<>();
    private final RawStream stream;
    private final Vectors vectors;
    private final Map<Integer, Deque<Invocation>> sleeping = new HashMap<>();
    private final Map<Integer, Integer> lastExit = new HashMap<>();
    private final int[] recent = new int[2 * DISTANCE];
    private final int[] storedBy;
    /** Records so far, and at which of them a page was last kept. */
    private long raw;

    private final long[] emitted;
    private int serial;
    private Deque<Invocation> open = new ArrayDeque<>();
    private Invocation top;
    private int task;
    private int mm = 1;
    private int forks;
    private boolean userMode = true;
    private boolean guestMode;

    Cutter(RawStream stream, Vectors vectors) {
        this.stream = stream;
        this.vectors = vectors;
        this.storedBy = new int[stream.pageCount];
        this.emitted = new long[stream.pageCount];
    }

    List<Invocation> cut() {
        boolean guestFirst = stream.size > 0 && stream.tokens[0] < 0 && stream.code[0] == RawStream.ENTRY;
        userMode = !guestFirst;
        if (userMode) {
            push(new Invocation(USER, task, mm, true));
        }
        for (int i = 0; i < stream.size; i++) {
            int token = stream.tokens[i];
            if (token >= 0) {
                access(token);
            } else {
                event(~token, i);
            }
        }
        for (Deque<Invocation> asleep : sleeping.values()) {
            for (Invocation invocation : asleep) {
                if (Cause.family(invocation.cause) == Cause.Family.SYSCALL
                        && (invocation.number == 60 || invocation.number == 231)) {
                    finish(invocation); // exit and exit_group never come back
                }
            }
        }
        return invocations;
    }

    private void access(int token) {
        if (top == null || guestMode) {
            return;
        }
        raw++;
        int page = token >>> 2;
        int side = (token & 3) == Access.FETCH ? 0 : DISTANCE;
        boolean known = false;
        for (int i = side; i < side + DISTANCE; i++) {
            if (recent[i] == page) {
                known = true;
                System.arraycopy(recent, side, recent, side + 1, i - side);
                break;
            }
        }
        if (!known) {
            System.arraycopy(recent, side, recent, side + 1, DISTANCE - 1);
        }
        recent[side] = page;
        if ((token & 3) == Access.STORE && storedBy[page] != serial) {
            storedBy[page] = serial;
            known = false;
        }
        if (!known || raw - emitted[page] >= REFRESH) {
            emitted[page] = raw;
            top.add(token);
        }
    }

    private void event(int event, int position) {
        if (top != null && !guestMode) {
            top.instructions += stream.instructions[event];
            top.loads += stream.loads[event];
        }
        int argument = (int) stream.argument[event];
        switch (stream.code[event]) {
            case RawStream.TO_USER -> toUser();
            case RawStream.SYSCALL ->
                enter(new Invocation(Cause.of(Cause.Family.SYSCALL, 0), task, mm, true), position);
            case RawStream.NUMBER -> number(argument);
            case RawStream.INTERRUPT ->
                enter(new Invocation(vectors.cause(argument, userMode), task, mm, userMode), position);
            case RawStream.TO_KERNEL -> endNested();
            case RawStream.TASK -> switchTo(argument);
            case RawStream.SPACE -> mm = argument;
            case RawStream.EXIT -> {
                guestMode = false;
                int reason = ExitReason.id(ExitReason.SVM, argument);
                push(new Invocation(Cause.of(Cause.Family.VM_EXIT, reason), task, mm, false));
            }
            case RawStream.ENTRY -> enterGuest();
            default -> {}
        }
    }

    private void enter(Invocation invocation, int position) {
        int entryFetch = -1;
        if (userMode) {
            // The fetch of the entry stub precedes the mark.
            int before = position > 0 ? stream.tokens[position - 1] : -1;
            if (before >= 0 && (before & 3) == Access.FETCH && stream.pages[before >>> 2] < 0) {
                entryFetch = before;
                if (top != null && top.size > 0 && top.accesses[top.size - 1] == before) {
                    top.size--;
                }
            }
            if (top != null) {
                finish(top);
            }
            open.clear();
            top = null;
            userMode = false;
        } else if (top != null) {
            top.interrupted = true;
        }
        push(invocation);
        if (entryFetch >= 0) {
            access(entryFetch);
        }
    }

    private void push(Invocation invocation) {
        if (top != null) {
            open.push(top);
        }
        top = invocation;
        start();
    }

    private void start() {
        Arrays.fill(recent, -1);
        serial++;
    }

    private void number(int argument) {
        if (top != null && Cause.family(top.cause) == Cause.Family.SYSCALL) {
            top.number = argument;
            if (argument == CLONE || argument == VFORK || argument == CLONE3 || argument == 57) {
                forks++;
            }
        }
    }

    private void endNested() {
        if (top != null && !top.fromUser && (isInterrupt(top.cause))) {
            finish(top);
            top = open.isEmpty() ? null : open.pop();
            start();
        }
    }

    private static boolean isInterrupt(int cause) {
        return Cause.family(cause) == Cause.Family.INTERRUPT || Cause.family(cause) == Cause.Family.FAULT;
    }

    private void switchTo(int next) {
        if (top != null) {
            top.endPart();
            open.push(top);
            for (Invocation asleep : open) {
                if (!asleep.switched) {
                    asleep.switched = true;
                    asleep.beforeSwitch = asleep.instructions;
                }
            }
        }
        sleeping.put(task, open);
        task = next;
        Deque<Invocation> back = sleeping.remove(next);
        if (back == null) {
            open = new ArrayDeque<>();
            top = new Invocation(forks > 0 ? PageStream.NEW_TASK : Cause.UNKNOWN, next, mm, false);
        } else {
            open = back;
            top = open.isEmpty() ? null : open.pop();
        }
        start();
    }

    private void toUser() {
        if (top != null && top.cause == PageStream.NEW_TASK) {
            forks--;
        }
        for (Invocation invocation = top; invocation != null; invocation = open.isEmpty() ? null : open.pop()) {
            invocation.toUser = true;
            if (Cause.family(invocation.cause) == Cause.Family.VM_EXIT) {
                lastExit.put(task, Cause.number(invocation.cause));
            }
            finish(invocation);
        }
        open.clear();
        userMode = true;
        top = null;
        push(new Invocation(USER, task, mm, true));
    }

    private void enterGuest() {
        if (top != null) {
            if (Cause.family(top.cause) == Cause.Family.VM_EXIT) {
                finish(top);
                top = open.isEmpty() ? null : open.pop();
            } else if (Cause.family(top.cause) == Cause.Family.SYSCALL && top.number == IOCTL) {
                int reason = lastExit.getOrDefault(task, NO_EXIT);
                Invocation entry = new Invocation(
                        reason == NO_EXIT ? Cause.UNKNOWN : Cause.of(Cause.Family.VM_REENTRY, reason), task, mm, true);
                entry.instructions = top.instructions;
                entry.accesses = top.accesses;
                entry.size = top.size;
                entry.parts = top.parts;
                entry.partCount = top.partCount;
                entry.switched = top.switched;
                top.accesses = new int[16];
                top.parts = new int[2];
                top.size = 0;
                top.partCount = 0;
                top.invalid = true; // the rest of the ioctl belongs to the last exit
                finish(entry);
            }
        }
        guestMode = true;
        start();
    }

    private void finish(Invocation invocation) {
        invocation.endPart();
        boolean unnamed = Cause.family(invocation.cause) == Cause.Family.SYSCALL && invocation.number < 0;
        if (!invocation.invalid && !unnamed && invocation.cause != Cause.UNKNOWN && invocation.size > 0) {
            invocation.accesses = Arrays.copyOf(invocation.accesses, invocation.size);
            invocations.add(invocation);
        }
    }
}
