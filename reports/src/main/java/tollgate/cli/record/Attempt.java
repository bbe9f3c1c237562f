package tollgate.cli.record;

import java.util.Optional;

/**
 * A plan, or why there is none.
 *
 * @param refusal why not and what to change; empty if there is a plan
 */
public record Attempt(Optional<Plan> plan, String refusal) {
    static Attempt of(Plan plan) {
        return new Attempt(Optional.of(plan), "");
    }

    static Attempt refused(String refusal) {
        return new Attempt(Optional.empty(), refusal);
    }
}
