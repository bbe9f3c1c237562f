package tollgate.replay;

import java.util.List;
import java.util.Set;

/** A strategy before its parameters are set: one file of {@code tollgate.replay.strategy}, found by {@code @AutoService(Blueprint.class)}. */
public interface Blueprint {
    /** As for {@code --strategies}: lower case, words joined by hyphens. */
    String name();

    /** Among what it stands in lists and groups. */
    enum Role {
        /** Isolates address spaces: what is compared if nobody says what. */
        ISOLATION,
        /** Flushes, bars or unmaps instead, in no address space of its own; compared on request. */
        COMPARATOR
    }

    default Role role() {
        return Role.ISOLATION;
    }

    /** Names of those that need not be deployed beside it, since it does their work. */
    default Set<String> replaces() {
        return Set.of();
    }

    default List<Parameter> parameters() {
        return List.of();
    }

    /** @param settings a value for every parameter */
    Strategy build(Settings settings);

    /** Where it comes from: the patch series, its authors and date, the files that were read. */
    String origin();

    /** What its reviewers said against it, and what its authors left open. */
    String criticism();

    /** What it stops, what it only narrows, and what it does nothing about. */
    String protects();
}
