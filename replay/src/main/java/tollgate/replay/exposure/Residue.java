package tollgate.replay.exposure;

import java.util.Arrays;

/**
 * What a hardware thread left in one {@link Channel} since its last flush: time spent in each space, on whose behalf, and
 * who has had a look at it since. Time is armed once, for the viewer to whom most of it is foreign: when another comes
 * to whom more is, it moves over.
 *
 * <p>What another tenant has looked at is armed for good and forgotten here, so that no more is kept than tenants that
 * ran since then; whose it was is remembered by space for {@link HandOvers}.
 *
 * <p>Guests are told apart once more, since L1TF is theirs alone: time that a guest finds is counted for guests the first
 * time, whoever else looked before or looks later.
 */
final class Residue {
    /** Would be the guest of the kernel, of which there are none. */
    private static final int NOBODY = Neighbours.guestOf(Neighbours.KERNEL);

    private final Channel channel;
    private final Neighbours neighbours;
    private final int[] leftBy;
    private final GuestShare ofWorkload;
    private final GuestShare ofRest;

    private int size;
    private int[] space = new int[8];
    private boolean[] isKernel = new boolean[8];
    private int[] owner = new int[8];
    private Account[] account = new Account[8];
    private long[] unseen = new long[8];
    private long[] seen = new long[8 * Viewer.count()];

    Residue(Channel channel, Exposure exposure) {
        this.channel = channel;
        neighbours = exposure.neighbours();
        int spaces = exposure.spaces();
        ofWorkload = new GuestShare(exposure.workload(), spaces);
        ofRest = new GuestShare(exposure.rest(), spaces);
        leftBy = new int[spaces];
        Arrays.fill(leftBy, NOBODY);
    }

    /** Time of one account that no guest has found yet, by space and by whether the kernel ran: even numbers, odd ones. */
    private final class GuestShare {
        final Account account;
        final long[] nanos;
        final int[] owner;

        GuestShare(Account account, int spaces) {
            this.account = account;
            nanos = new long[2 * spaces];
            owner = new int[2 * spaces];
        }

        void pass(int space, boolean isKernel, int by, long more) {
            int i = 2 * space + (isKernel ? 0 : 1);
            owner[i] = nanos[i] == 0 ? by : Neighbours.together(owner[i], by);
            nanos[i] += more;
        }

        void look(int guest) {
            for (int i = 0; i < nanos.length; i++) {
                if (nanos[i] != 0) {
                    account.findByGuest(channel, i / 2, i % 2 == 0, neighbours.viewer(guest, owner[i]), nanos[i]);
                    nanos[i] = 0;
                }
            }
        }
    }

    /** Something ran in this space, if only for an instant. */
    void leave(int inSpace, int by) {
        int before = leftBy[inSpace];
        leftBy[inSpace] = before == NOBODY || before == by ? by : Neighbours.SEVERAL;
    }

    /** Time passed there. @param viewer the untrusted code that ran itself, null for the kernel */
    void pass(int inSpace, int by, Account to, long nanos, Viewer viewer) {
        (to == ofWorkload.account ? ofWorkload : ofRest).pass(inSpace, viewer == null, by, nanos);
        int i = find(inSpace, viewer == null, by, to);
        if (viewer == null) {
            unseen[i] += nanos;
        } else {
            seen[i * Viewer.count() + viewer.ordinal()] += nanos;
            to.arm(channel, inSpace, /* isKernel */ false, viewer, nanos);
        }
    }

    private int find(int inSpace, boolean byKernel, int by, Account to) {
        for (int i = size - 1; i >= 0; i--) {
            if (space[i] == inSpace && isKernel[i] == byKernel && owner[i] == by && account[i] == to) {
                return i;
            }
        }
        if (size == space.length) {
            space = Arrays.copyOf(space, size * 2);
            isKernel = Arrays.copyOf(isKernel, size * 2);
            owner = Arrays.copyOf(owner, size * 2);
            account = Arrays.copyOf(account, size * 2);
            unseen = Arrays.copyOf(unseen, size * 2);
            seen = Arrays.copyOf(seen, size * 2 * Viewer.count());
        }
        space[size] = inSpace;
        isKernel[size] = byKernel;
        owner[size] = by;
        account[size] = to;
        unseen[size] = 0;
        Arrays.fill(seen, size * Viewer.count(), (size + 1) * Viewer.count(), 0);
        return size++;
    }

    /** What is left is gone before anybody else could look. */
    void flush() {
        size = 0;
        Arrays.fill(ofWorkload.nanos, 0);
        Arrays.fill(ofRest.nanos, 0);
        Arrays.fill(leftBy, NOBODY);
    }

    /** What a viewer finds who runs from now on. @return a set of {@link HandOvers} */
    long found(int by) {
        long set = 0;
        for (int i = 0; i < leftBy.length; i++) {
            if (leftBy[i] != NOBODY) {
                set = HandOvers.with(set, i, neighbours.viewer(by, leftBy[i]));
            }
        }
        return set;
    }

    /** A viewer runs from now on. */
    void look(int by) {
        if (Neighbours.isGuest(by)) {
            ofWorkload.look(by);
            ofRest.look(by);
        }
        int kept = 0;
        for (int i = 0; i < size; i++) {
            Viewer viewer = neighbours.viewer(by, owner[i]);
            long moved = unseen[i];
            unseen[i] = 0;
            for (int less = 0; less < viewer.ordinal(); less++) {
                long nanos = seen[i * Viewer.count() + less];
                if (nanos != 0) {
                    account[i].arm(channel, space[i], isKernel[i], Viewer.of(less), -nanos);
                    seen[i * Viewer.count() + less] = 0;
                    moved += nanos;
                }
            }
            if (moved != 0) {
                account[i].arm(channel, space[i], isKernel[i], viewer, moved);
                seen[i * Viewer.count() + viewer.ordinal()] += moved;
            }
            if (!viewer.isOther()) {
                move(i, kept++);
            }
        }
        size = kept;
    }

    private void move(int from, int to) {
        if (from != to) {
            space[to] = space[from];
            isKernel[to] = isKernel[from];
            owner[to] = owner[from];
            account[to] = account[from];
            unseen[to] = unseen[from];
            System.arraycopy(seen, from * Viewer.count(), seen, to * Viewer.count(), Viewer.count());
        }
    }
}
