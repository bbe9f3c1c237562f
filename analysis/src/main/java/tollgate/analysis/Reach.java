package tollgate.analysis;

import java.util.List;
import tollgate.replay.MemoryClass;
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

    /** Whether memory of a class, seen from the tenant for whom the thread runs, is not the viewer's own. */
    static boolean isForeign(MemoryClass memoryClass, Viewer viewer) {
        return switch (viewer) {
            case OWNER -> !memoryClass.isOwn();
            case OWN_GUEST -> memoryClass != MemoryClass.G_CUR && memoryClass != MemoryClass.K_VM_CUR;
            case OTHER, OTHER_GUEST -> true;
        };
    }
}
