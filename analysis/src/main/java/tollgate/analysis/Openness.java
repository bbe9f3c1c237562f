package tollgate.analysis;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import tollgate.replay.Lane;
import tollgate.replay.MemoryClass;
import tollgate.replay.exposure.Account;
import tollgate.replay.exposure.Channel;
import tollgate.replay.exposure.Exposure;
import tollgate.replay.exposure.HandOvers;
import tollgate.replay.exposure.Mode;
import tollgate.replay.exposure.Origin;
import tollgate.replay.exposure.Siblings;
import tollgate.replay.exposure.Viewer;

/** What of each {@link Attack} is open in one lane: what its meter added up, times what its strategy's spaces map. */
final class Openness {
    /** What is counted of attacks from guests: how many exits reached what a restricted space does not map. */
    static final String EXITS = "VM exits";

    private static final Set<MemoryClass> NOTHING = EnumSet.noneOf(MemoryClass.class);

    private final Exposure exposure;
    private final Account account;
    private final Reach reach;
    private final MemorySizes sizes;

    Openness(Lane lane, MemorySizes sizes) {
        exposure = lane.exposure();
        account = exposure.workload();
        reach = new Reach(lane.strategy(), exposure);
        this.sizes = sizes;
    }

    Siblings siblings() {
        return exposure.siblings();
    }

    /** Whether siblings were recorded. */
    boolean knowsSiblings() {
        return exposure.knowsSiblings() && account.knownBesideNanos() > 0;
    }

    boolean hasGuests() {
        return account.handOvers(Channel.L1D).toGuests() > 0 || account.guestExits() > 0;
    }

    /** What must be zero for it to be stopped; the first decides whether it is reduced. */
    List<Open> to(Attack attack) {
        return switch (attack) {
            case MELTDOWN -> List.of(toUser());
            case L1TF_THREAD -> List.of(left(Channel.L1D, /* guests */ true), dirty(Channel.L1D, true));
            case L1TF_SIBLING -> List.of(beside(/* guests */ true), leftToSibling(Channel.L1D));
            case MDS_THREAD -> List.of(left(Channel.BUFFERS, false), dirty(Channel.BUFFERS, false));
            case MDS_SIBLING -> List.of(beside(false), leftToSibling(Channel.BUFFERS));
            case SPECTRE_V1_USER -> List.of(toKernel(Origin.USER, /* withBranches */ false));
            case SPECTRE_V1_GUEST -> List.of(toKernel(Origin.GUEST, false), exits());
            case SPECTRE_V2_USER -> List.of(toKernel(Origin.USER, true));
            case SPECTRE_V2_GUEST -> List.of(toKernel(Origin.GUEST, true));
            case BRANCHES_TENANTS ->
                List.of(Open.count(
                        "hand-overs",
                        account.branchesToOthers(),
                        account.handOvers(Channel.L1D).count()));
            case CODE_REUSE ->
                List.of(code(reach::code, "kernel time"), code(reach::checkedCode, "kernel time, checked"));
            case NAMESPACE_READ -> List.of(namespaces());
        };
    }

    private Open toUser() {
        Open open = Open.time("user time", sizes, account.nanos(Mode.USER));
        for (int space = 0; space < exposure.spaces(); space++) {
            open.add(account.nanos(Mode.USER, space), least(space, Viewer.OWNER), most(space, Viewer.OWNER));
        }
        return open;
    }

    private Set<MemoryClass> least(int space, Viewer viewer) {
        return reach.foreign(reach.least(space), viewer);
    }

    private Set<MemoryClass> most(int space, Viewer viewer) {
        return reach.foreign(reach.most(space), viewer);
    }

    /** What was used before untrusted code ran, and not flushed. */
    Open left(Channel channel, boolean guests) {
        Open open = Open.time("all time", sizes, account.hostNanos() + account.nanos(Mode.GUEST));
        for (int space = 0; space < exposure.spaces(); space++) {
            for (Viewer viewer : Viewer.values()) {
                long all = guests
                        ? account.foundByGuestsNanos(channel, space, viewer)
                        : account.armedNanos(channel, space, viewer);
                long kernel = guests
                        ? account.kernelFoundByGuestsNanos(channel, space, viewer)
                        : account.armedKernelNanos(channel, space, viewer);
                Set<MemoryClass> own = reach.ownOfUntrusted(space, viewer);
                open.add(kernel, least(space, viewer), most(space, viewer));
                open.add(all - kernel, own, own);
            }
        }
        return open;
    }

    private Open dirty(Channel channel, boolean guests) {
        HandOvers handOvers = account.handOvers(channel);
        long whole = guests ? handOvers.toGuests() : handOvers.count();
        return Open.count(guests ? "VM entries" : "hand-overs", dirty(handOvers, guests), whole);
    }

    private long dirty(HandOvers handOvers, boolean guests) {
        long[] sum = new long[1];
        handOvers.visit(exposure.spaces(), (viewers, count) -> {
            for (int space = 0; space < viewers.length; space++) {
                Viewer viewer = viewers[space];
                if (viewer != null
                        && (viewer.isGuest() || !guests)
                        && !most(space, viewer).isEmpty()) {
                    sum[0] += count;
                    return;
                }
            }
        });
        return sum[0];
    }

    private Open leftToSibling(Channel channel) {
        HandOvers handOvers = account.handOvers(channel);
        boolean isAlone = exposure.siblings() == Siblings.OFF;
        return Open.count("hand-overs", isAlone ? 0 : dirty(handOvers, false), handOvers.count());
    }

    /** What is used here while untrusted code runs on the sibling; of one that was not recorded, the worst is assumed. */
    Open beside(boolean guests) {
        if (!knowsSiblings()) {
            return besideWorst(guests);
        }
        Open open = Open.time("time beside the sibling", sizes, account.knownBesideNanos());
        for (int space = 0; space < exposure.spaces(); space++) {
            for (Viewer viewer : Viewer.values()) {
                if (viewer.isGuest() || !guests) {
                    long kernel = account.besideKernelNanos(space, viewer);
                    Set<MemoryClass> own = reach.ownOfUntrusted(space, viewer);
                    open.add(kernel, least(space, viewer), most(space, viewer));
                    open.add(account.besideNanos(space, viewer) - kernel, own, own);
                }
            }
        }
        return open;
    }

    private Open besideWorst(boolean guests) {
        Siblings siblings = exposure.siblings();
        Open open = Open.time("all time", sizes, account.hostNanos() + account.nanos(Mode.GUEST));
        if (siblings == Siblings.OFF) {
            return open;
        }
        boolean isOneTenant = siblings == Siblings.ONE_TENANT || siblings == Siblings.ONE_TENANT_OUT_OF_KERNEL;
        Viewer viewer = guests
                ? isOneTenant ? Viewer.OWN_GUEST : Viewer.OTHER_GUEST
                : isOneTenant ? Viewer.OWNER : Viewer.OTHER;
        for (int space = 0; space < exposure.spaces(); space++) {
            boolean isStunned = exposure.isFull(space)
                    && (siblings == Siblings.STUNNED || siblings == Siblings.STUNNED_GUESTS && guests);
            long kernel =
                    isStunned || siblings == Siblings.ONE_TENANT_OUT_OF_KERNEL ? 0 : account.nanos(Mode.KERNEL, space);
            long user = isStunned ? 0 : account.nanos(Mode.USER, space);
            open.add(kernel, NOTHING, most(space, viewer));
            open.add(user + account.nanos(Mode.GUEST, space), NOTHING, reach.ownOfUntrusted(space, viewer));
        }
        return open;
    }

    private Open toKernel(Origin origin, boolean withBranches) {
        Viewer viewer = origin == Origin.GUEST ? Viewer.OWN_GUEST : Viewer.OWNER;
        Open open = Open.time("kernel time", sizes, untrustedKernelNanos());
        for (int space = 0; space < exposure.spaces(); space++) {
            Set<MemoryClass> least = least(space, viewer);
            Set<MemoryClass> most = most(space, viewer);
            open.add(kernel(origin, space, withBranches), least, most);
            open.add(kernel(Origin.EITHER, space, withBranches), hasGuests() ? NOTHING : least, most);
        }
        for (int level = 1; level < Open.LEVELS && origin == Origin.USER; level++) {
            open.addPages(level, account.pageNanos(level));
        }
        return open;
    }

    private long kernel(Origin origin, int space, boolean withBranches) {
        return withBranches ? account.kernelNanosWithBranches(origin, space) : account.kernelNanos(origin, space);
    }

    /** Kernel time that untrusted code has a hand in. */
    private long untrustedKernelNanos() {
        long sum = 0;
        for (int space = 0; space < exposure.spaces(); space++) {
            sum += account.kernelNanos(Origin.USER, space)
                    + account.kernelNanos(Origin.GUEST, space)
                    + account.kernelNanos(Origin.EITHER, space);
        }
        return sum;
    }

    private Open exits() {
        return Open.count(EXITS, account.guestExits() - account.restrictedExits(), account.guestExits());
    }

    private interface Code {
        Set<MemoryClass> in(int space);
    }

    private Open code(Code code, String of) {
        Open open = Open.time(of, sizes, untrustedKernelNanos());
        for (int space = 0; space < exposure.spaces(); space++) {
            for (Origin origin : List.of(Origin.USER, Origin.GUEST, Origin.EITHER)) {
                open.add(account.kernelNanos(origin, space), code.in(reach.least(space)), code.in(reach.most(space)));
            }
        }
        return open;
    }

    private Open namespaces() {
        Open open = Open.time("kernel time", sizes, untrustedKernelNanos());
        Set<MemoryClass> objects = EnumSet.of(MemoryClass.K_NS_OTH);
        IntPredicate reads = space -> reach.reads(space, MemoryClass.K_NS_OTH);
        for (int space = 0; space < exposure.spaces(); space++) {
            Set<MemoryClass> least = reads.test(reach.least(space)) ? objects : NOTHING;
            Set<MemoryClass> most = reads.test(reach.most(space)) ? objects : NOTHING;
            open.add(account.kernelNanos(Origin.USER, space), least, most);
            open.add(account.kernelNanos(Origin.EITHER, space), hasGuests() ? NOTHING : least, most);
        }
        return open;
    }
}
