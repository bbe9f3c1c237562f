package tollgate.replay.exposure;

import java.util.Arrays;

/**
 * What a hardware thread left in one {@link Channel} since its last flush: time spent in each space, on whose behalf, and
 * who has had a look at it since. Time is armed once, for the viewer to whom most of it is foreign: when another comes
 * to whom more is, it moves over.
 *
 * <p>What another tenant has looked at is armed for good and forgotten here, so that no more is kept than tenants that
 * ran since then; whose it was is remembered by space for {@link HandOvers}.
 */
final class Residue {
    /** Would be the guest of the kernel, of which there are none. */
    private static final int NOBODY = Neighbours.guestOf(Neighbours.KERNEL);

    private final Channel channel;
    private final Neighbours neighbours;
    private final int[] leftBy;

    private int size;
    private int[] space = new int[8];
    private int[] owner = new int[8];
    private Account[] account = new Account[8];
    private long[] unseen = new long[8];
    private long[] seen = new long[8 * Viewer.count()];

    Residue(Channel channel, Neighbours neighbours, int spaces) {
        this.channel = channel;
        this.neighbours = neighbours;
        leftBy = new int[spaces];
        Arrays.fill(leftBy, NOBODY);
    }

    /** Something ran in this space, if only for an instant. */
    void leave(int inSpace, int by) {
        int before = leftBy[inSpace];
        leftBy[inSpace] = before == NOBODY || before == by ? by : Neighbours.SEVERAL;
    }

    /** Time passed there. @param viewer the untrusted code that ran itself, null for the kernel */
    void pass(int inSpace, int by, Account to, long nanos, Viewer viewer) {
        int i = find(inSpace, by, to);
        if (viewer == null) {
            unseen[i] += nanos;
        } else {
            seen[i * Viewer.count() + viewer.ordinal()] += nanos;
            to.arm(channel, inSpace, viewer, nanos);
        }
    }

    private int find(int inSpace, int by, Account to) {
        for (int i = size - 1; i >= 0; i--) {
            if (space[i] == inSpace && owner[i] == by && account[i] == to) {
                return i;
            }
        }
        if (size == space.length) {
            space = Arrays.copyOf(space, size * 2);
            owner = Arrays.copyOf(owner, size * 2);
            account = Arrays.copyOf(account, size * 2);
            unseen = Arrays.copyOf(unseen, size * 2);
            seen = Arrays.copyOf(seen, size * 2 * Viewer.count());
        }
        space[size] = inSpace;
        owner[size] = by;
        account[size] = to;
        unseen[size] = 0;
        Arrays.fill(seen, size * Viewer.count(), (size + 1) * Viewer.count(), 0);
        return size++;
    }

    /** What is left is gone before anybody else could look. */
    void flush() {
        size = 0;
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
        int kept = 0;
        for (int i = 0; i < size; i++) {
            Viewer viewer = neighbours.viewer(by, owner[i]);
            long moved = unseen[i];
            unseen[i] = 0;
            for (int less = 0; less < viewer.ordinal(); less++) {
                long nanos = seen[i * Viewer.count() + less];
                if (nanos != 0) {
                    account[i].arm(channel, space[i], Viewer.of(less), -nanos);
                    seen[i * Viewer.count() + less] = 0;
                    moved += nanos;
                }
            }
            if (moved != 0) {
                account[i].arm(channel, space[i], viewer, moved);
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
            owner[to] = owner[from];
            account[to] = account[from];
            unseen[to] = unseen[from];
            System.arraycopy(seen, from * Viewer.count(), seen, to * Viewer.count(), Viewer.count());
        }
    }
}
