package tollgate.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tollgate.replay.exposure.Siblings;

/**
 * An isolation strategy as data: address spaces with their views, and what is done at each crossing.
 * Immutable. Holds no price and no engine; {@link Program} compiles it, {@link Lane} runs it.
 *
 * <p>The space {@link #KERNEL} is the kernel's own full address space of the current mm. Every other space
 * is added by the strategy.
 */
public final class Strategy {
    /** Name of the space that is there in every strategy. */
    public static final String KERNEL = "kernel";

    private final String name;
    private final String idea;
    private final List<Space> spaces;
    private final Map<Crossing, List<Row>> rows;
    private final boolean usesPcid;
    private final boolean usesInvpcid;
    private final Siblings siblings;

    private Strategy(Builder builder) {
        name = builder.name;
        idea = builder.idea;
        spaces = List.copyOf(builder.spaces);
        rows = builder.rows;
        usesPcid = builder.usesPcid;
        usesInvpcid = builder.usesInvpcid;
        siblings = builder.siblings;
    }

    /** Whose address space it is: what its identity depends on. */
    public enum Owner {
        /** One per process, under the process's ASID. */
        MM,
        /** One per virtual machine. */
        VM,
        /** One for all. */
        ALL,
        /** One per network namespace. */
        NAMESPACE
    }

    /**
     * @param name for the tables
     * @param owner whose it is
     * @param view what it maps
     * @param pcidBits or-ed to the PCID of the process's ASID; 0 with an ASID of its own
     * @param onData what a load or store to memory that is not mapped does
     * @param onFetch what an instruction fetch from it does
     * @param taints what must be flushed before it is entered
     */
    public record Space(
            String name, Owner owner, View view, int pcidBits, List<Act> onData, List<Act> onFetch, Taints taints) {}

    /** What code leaves behind in a CPU that others could exploit: bits of {@link Taints}. */
    public static final int KERNEL_DATA = 1;

    public static final int USER_DATA = 2;
    public static final int GUEST_DATA = 4;
    public static final int OTHER_MM_DATA = 8;
    public static final int USER_CONTROL = 16;
    public static final int GUEST_CONTROL = 32;
    public static final int OTHER_MM_CONTROL = 64;
    public static final int ALL_DATA = KERNEL_DATA | USER_DATA | GUEST_DATA | OTHER_MM_DATA;
    public static final int ALL_CONTROL = USER_CONTROL | GUEST_CONTROL | OTHER_MM_CONTROL;

    /**
     * The taint policy of a space (generic ASI, RFC v2 of January 2025, patch 21).
     *
     * @param preventControl branch state that is flushed before code of this space runs
     * @param protectData data that is flushed before code of this space runs
     * @param set what code of this space leaves behind
     * @param flush how its CR3 writes treat the TLB
     * @param flushesBranches whether control taints are flushed at all (IBPB and RSB fill)
     * @param flushesData whether data taints are flushed at all (L1D)
     * @param data taints that a data flush clears: {@link #ALL_DATA} but for a quirk
     */
    public record Taints(
            int preventControl,
            int protectData,
            int set,
            Act.Flush flush,
            boolean flushesBranches,
            boolean flushesData,
            int data) {
        /** Of spaces that take no part in the mechanism. */
        public static final Taints NONE = new Taints(0, 0, 0, Act.Flush.KEEP, false, false, ALL_DATA);
    }

    /** The same under another name. */
    public Strategy as(String otherName) {
        return as(otherName, idea);
    }

    /** The same under another name, with a sentence of its own. */
    public Strategy as(String otherName, String otherIdea) {
        Builder same = new Builder(otherName, otherIdea, spaces.get(0).view());
        same.spaces.addAll(spaces.subList(1, spaces.size()));
        same.rows.putAll(rows);
        same.usesPcid = usesPcid;
        same.usesInvpcid = usesInvpcid;
        same.siblings = siblings;
        return new Strategy(same);
    }

    /** @param spaces in which the row applies; empty for all */
    record Row(Set<String> spaces, List<Act> acts) {}

    public String name() {
        return name;
    }

    /** What it is for, in a sentence or two, with the patch series. */
    public String idea() {
        return idea;
    }

    /** The kernel's space first. */
    public List<Space> spaces() {
        return spaces;
    }

    Map<Crossing, List<Row>> rows() {
        return rows;
    }

    /** False if it runs as on a CPU without PCID even where the CPU has it. */
    public boolean usesPcid() {
        return usesPcid;
    }

    /** False if it flushes single pages as on a CPU without INVPCID. */
    public boolean usesInvpcid() {
        return usesInvpcid;
    }

    /** What it lets the hardware threads of a core run side by side. */
    public Siblings siblings() {
        return siblings;
    }

    /** Crossings whose rows are carried out in the opposite order when strategies are combined: last in, first out. */
    private static final Set<Crossing> INWARD =
            Set.of(Crossing.USER_ENTRY, Crossing.KERNEL_ENTRY, Crossing.VM_EXIT, Crossing.SWITCHED);

    /**
     * Several strategies at once, as a kernel with all of them would behave: what is global must be so for all, at
     * entries the first acts first, at returns last.
     *
     * @param parts in the order written, the outermost boundary first: {@code kpti+kvm-asi}
     * @throws IllegalArgumentException if two of them would decide the same crossing, or tag their entries alike
     */
    static Strategy compose(List<Strategy> parts) {
        View kernel = parts.get(0).spaces.get(0).view();
        for (Strategy part : parts) {
            kernel = kernel.and(part.spaces.get(0).view());
        }
        String name = String.join("+", parts.stream().map(Strategy::name).toList());
        String idea = String.join(" ", parts.stream().map(Strategy::idea).toList());
        Builder all = new Builder(name, idea, kernel);
        Map<Crossing, String> entersAt = new EnumMap<>(Crossing.class);
        Map<Integer, String> pcids = new HashMap<>();
        for (Strategy part : parts) {
            if (!part.usesPcid) {
                all.withoutPcid();
            }
            if (!part.usesInvpcid) {
                all.withoutInvpcid();
            }
            if (part.siblings != Siblings.ANYTHING) {
                if (all.siblings != Siblings.ANYTHING && all.siblings != part.siblings) {
                    throw new IllegalArgumentException(name + ": two of them say what siblings may run; choose one");
                }
                all.siblings(part.siblings);
            }
            for (Space space : part.spaces.subList(1, part.spaces.size())) {
                String holder = space.pcidBits() == 0 ? null : pcids.putIfAbsent(space.pcidBits(), part.name());
                if (holder != null && !holder.equals(part.name())) {
                    throw new IllegalArgumentException(name + ": " + holder + " and " + part.name()
                            + " both take the PCIDs with bits 0x" + Integer.toHexString(space.pcidBits())
                            + ", so that each would find the other's entries in the TLB; choose one");
                }
                all.spaces.add(new Space(
                        space.name(),
                        space.owner(),
                        space.view().globalIn(kernel),
                        space.pcidBits(),
                        space.onData(),
                        space.onFetch(),
                        space.taints()));
            }
            for (Crossing crossing : part.entersAt()) {
                String other = entersAt.put(crossing, part.name());
                if (other != null) {
                    throw new IllegalArgumentException(name + ": " + other + " and " + part.name()
                            + " both enter an address space of their own at " + crossing + "; choose one");
                }
            }
        }
        List<String> nesting = parts.stream()
                .filter(Strategy::followsNesting)
                .map(Strategy::name)
                .toList();
        if (nesting.size() > 1) {
            throw new IllegalArgumentException(name + ": " + String.join(" and ", nesting)
                    + " both switch at interrupts and count how deep they nest; choose one");
        }
        for (Crossing crossing : Crossing.values()) {
            List<Strategy> order = new ArrayList<>(parts);
            if (!INWARD.contains(crossing)) {
                java.util.Collections.reverse(order);
            }
            for (Strategy part : order) {
                part.rows
                        .getOrDefault(crossing, List.of())
                        .forEach(
                                row -> all.in(row.spaces(), crossing, row.acts().toArray(Act[]::new)));
            }
        }
        return all.build();
    }

    /** Where it makes a space other than the kernel's live of its own accord, not because one was interrupted. */
    private Set<Crossing> entersAt() {
        Set<Crossing> enters = java.util.EnumSet.noneOf(Crossing.class);
        rows.forEach((crossing, atCrossing) -> {
            if (atCrossing.stream().anyMatch(row -> row.acts().stream().anyMatch(Strategy::enters))) {
                enters.add(crossing);
            }
        });
        return enters;
    }

    private static boolean enters(Act act) {
        return act instanceof Act.Load load && !load.space().equals(KERNEL)
                || act instanceof Act.AsiEnter
                || act.nested().stream().anyMatch(Strategy::enters);
    }

    private boolean followsNesting() {
        return rows.values().stream()
                .flatMap(List::stream)
                .flatMap(row -> row.acts().stream())
                .anyMatch(Strategy::followsNesting);
    }

    private static boolean followsNesting(Act act) {
        return act instanceof Act.Suspend
                || act instanceof Act.AsiInterrupt
                || act.nested().stream().anyMatch(Strategy::followsNesting);
    }

    /** Starts a strategy. @param kernel view of the kernel's own space */
    public static Builder named(String name, String idea, View kernel) {
        return new Builder(name, idea, kernel);
    }

    /** Reads like the event table of a specification. */
    public static final class Builder {
        private final String name;
        private final String idea;
        private final List<Space> spaces = new ArrayList<>();
        private final Map<Crossing, List<Row>> rows = new EnumMap<>(Crossing.class);
        private boolean usesPcid = true;
        private boolean usesInvpcid = true;
        private Siblings siblings = Siblings.ANYTHING;

        private Builder(String name, String idea, View kernel) {
            this.name = name;
            this.idea = idea;
            spaces.add(new Space(KERNEL, Owner.MM, kernel, 0, List.of(), List.of(), Taints.NONE));
        }

        /** A space in which every touch of unmapped memory is answered by the same acts. */
        public Builder space(String space, Owner owner, View view, int pcidBits, Act... onTouch) {
            spaces.add(new Space(space, owner, view, pcidBits, List.of(onTouch), List.of(onTouch), Taints.NONE));
            return this;
        }

        public Builder space(String space, Owner owner, View view, int pcidBits, List<Act> onData, List<Act> onFetch) {
            spaces.add(new Space(space, owner, view, pcidBits, List.copyOf(onData), List.copyOf(onFetch), Taints.NONE));
            return this;
        }

        /** A space of the lazy-leave mechanism, with its taint policy. */
        public Builder space(String space, Owner owner, View view, int pcidBits, Taints taints, Act... onTouch) {
            spaces.add(new Space(space, owner, view, pcidBits, List.of(onTouch), List.of(onTouch), taints));
            return this;
        }

        Builder space(Space space) {
            spaces.add(space);
            return this;
        }

        /** At this crossing, whatever space is live. */
        public Builder on(Crossing crossing, Act... acts) {
            return in(Set.of(), crossing, acts);
        }

        /** At this crossing, if this space is live. */
        public Builder in(String space, Crossing crossing, Act... acts) {
            return in(Set.of(space), crossing, acts);
        }

        private Builder in(Set<String> in, Crossing crossing, Act... acts) {
            rows.computeIfAbsent(crossing, c -> new ArrayList<>()).add(new Row(in, List.of(acts)));
            return this;
        }

        /** Runs as on a CPU without PCID: every CR3 write drops all that is not global. */
        public Builder withoutPcid() {
            usesPcid = false;
            return this;
        }

        /** Flushes single pages of a deferred space at its next load, as on a CPU without INVPCID. */
        public Builder withoutInvpcid() {
            usesInvpcid = false;
            return this;
        }

        /** Decides what the hardware threads of a core may run side by side; anything if nobody does. */
        public Builder siblings(Siblings may) {
            siblings = may;
            return this;
        }

        /** @throws IllegalArgumentException naming a space that a row mentions and nobody defined */
        public Strategy build() {
            Strategy strategy = new Strategy(this);
            Program.compile(strategy);
            return strategy;
        }
    }

    /** Acts for rows, under short names that read like the specifications. */
    public static Act charge(Operation operation) {
        return new Act.Charge(operation, 1);
    }

    public static Act load(String space, Act.Flush flush) {
        return new Act.Load(space, flush);
    }

    public static Act whenCause(List<Cause.Family> families, Act... then) {
        return new Act.IfFamily(families, Arrays.asList(then));
    }

    public static Act raise(String flag) {
        return new Act.Raise(flag);
    }

    public static Act whenRaised(String flag, Act... then) {
        return new Act.IfRaised(flag, Arrays.asList(then));
    }
}
