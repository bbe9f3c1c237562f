package tollgate.analysis;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import tollgate.replay.Act;
import tollgate.replay.MemoryClass;
import tollgate.replay.Operation;
import tollgate.replay.Strategy;
import tollgate.replay.exposure.Exposure;
import tollgate.replay.exposure.Viewer;

/** Which memory each space of a strategy puts within whose reach. Spaces are numbered as {@link Exposure} says. */
final class Reach {
    private final List<Strategy.Space> spaces;
    private final Exposure exposure;

    Reach(Strategy strategy, Exposure exposure) {
        spaces = strategy.spaces();
        this.exposure = exposure;
    }

    /** The space that was live if an uncertain stretch was spent where it began. */
    int least(int space) {
        return exposure.isUncertain(space) ? exposure.began(space) : space;
    }

    /** The space that was live if it was left at once. */
    int most(int space) {
        return exposure.isUncertain(space) ? Exposure.FULL : space;
    }

    /** Whether a space maps a class, or part of it, beforehand and not page by page. @param space none that is uncertain */
    boolean maps(int space, MemoryClass memoryClass) {
        if (space == exposure.guestSpace()) {
            return memoryClass == MemoryClass.G_CUR;
        }
        Strategy.Space of = spaces.get(space);
        return of.view().maps(memoryClass) || of.view().mapsPart(memoryClass);
    }

    /** Whether a space maps memory of this level of sensitivity that is foreign to the viewer. */
    boolean exposes(int space, Viewer viewer, int level) {
        for (MemoryClass memoryClass : MemoryClass.values()) {
            if (memoryClass.sensitivity() == level && isForeign(memoryClass, viewer) && maps(space, memoryClass)) {
                return true;
            }
        }
        return false;
    }

    /**
     * What a space maps of memory that is foreign to the viewer and not public. The entry code and data that every space
     * must map wherever an entry can happen do not count.
     */
    Set<MemoryClass> foreign(int space, Viewer viewer) {
        Set<MemoryClass> foreign = EnumSet.noneOf(MemoryClass.class);
        for (MemoryClass memoryClass : MemoryClass.values()) {
            if (memoryClass.sensitivity() > 0
                    && memoryClass != MemoryClass.ENTRY
                    && isForeign(memoryClass, viewer)
                    && maps(space, memoryClass)) {
                foreign.add(memoryClass);
            }
        }
        return foreign;
    }

    /** A class, if a space maps it. */
    Set<MemoryClass> one(int space, MemoryClass memoryClass) {
        return maps(space, memoryClass) ? EnumSet.of(memoryClass) : EnumSet.noneOf(MemoryClass.class);
    }

    /** What untrusted code uses in a space: its own memory, if that is foreign to the viewer. */
    Set<MemoryClass> ownOfUntrusted(int space, Viewer viewer) {
        MemoryClass own = space == exposure.guestSpace() ? MemoryClass.G_CUR : MemoryClass.U_CUR;
        return isForeign(own, viewer) ? EnumSet.of(own) : EnumSet.noneOf(MemoryClass.class);
    }

    /** Kernel code that a stray return or call in a space reaches unchecked: mapped, or opened by the fetch itself. */
    Set<MemoryClass> code(int space) {
        Set<MemoryClass> code = EnumSet.noneOf(MemoryClass.class);
        for (MemoryClass memoryClass : CODE) {
            if (space != exposure.guestSpace()
                    && (maps(space, memoryClass) || answer(spaces.get(space).onFetch()) == Answer.GRANTED)) {
                code.add(memoryClass);
            }
        }
        return code;
    }

    /** Kernel code that is mapped page by page, once a fetch from it was checked. */
    Set<MemoryClass> checkedCode(int space) {
        Set<MemoryClass> code = EnumSet.noneOf(MemoryClass.class);
        for (MemoryClass memoryClass : CODE) {
            if (space != exposure.guestSpace()
                    && !maps(space, memoryClass)
                    && answer(spaces.get(space).onFetch()) == Answer.CHECKED) {
                code.add(memoryClass);
            }
        }
        return code;
    }

    /** Whether a read of memory of a class in a space succeeds in the end: it is mapped, or a touch makes it so. */
    boolean reads(int space, MemoryClass memoryClass) {
        return maps(space, memoryClass)
                || space != exposure.guestSpace() && answer(spaces.get(space).onData()) != Answer.REFUSED;
    }

    private static final List<MemoryClass> CODE = List.of(MemoryClass.K_TEXT, MemoryClass.K_MOD);

    /** What a space does about a touch of what it does not map. */
    private enum Answer {
        /** Nothing: the kernel oopses. */
        REFUSED,
        /** It is looked at and may be refused. */
        CHECKED,
        /** The page is mapped, or a space that maps it is made live. */
        GRANTED
    }

    private static Answer answer(List<Act> onTouch) {
        if (onTouch.stream().anyMatch(Reach::checks)) {
            return Answer.CHECKED;
        }
        return onTouch.isEmpty() ? Answer.REFUSED : Answer.GRANTED;
    }

    private static boolean checks(Act act) {
        return act instanceof Act.Charge charge && charge.operation() == Operation.CODE_VERDICT
                || act.nested().stream().anyMatch(Reach::checks);
    }

    /** Whether memory of a class, seen from the tenant for whom the thread runs, is not the viewer's own. */
    static boolean isForeign(MemoryClass memoryClass, Viewer viewer) {
        return switch (viewer) {
            case OWNER -> !memoryClass.isOwn();
            case OWN_GUEST -> memoryClass != MemoryClass.G_CUR && memoryClass != MemoryClass.K_VM_CUR;
            case OTHER, OTHER_GUEST -> true;
        };
    }
}
