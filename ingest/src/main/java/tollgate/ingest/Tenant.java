package tollgate.ingest;

import java.util.Set;

/**
 * Tasks that trust each other.
 *
 * @param tasks whose memory is at stake
 * @param distrusts names of the tenants that must not see it; what they may not see is another matter, told by theirs
 */
public record Tenant(String name, Selection tasks, Set<String> distrusts) {
    public Tenant {
        distrusts = Set.copyOf(distrusts);
    }
}
