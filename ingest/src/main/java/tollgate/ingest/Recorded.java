package tollgate.ingest;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a recording was made under. What nobody told is {@link Fact#UNKNOWN} or empty, and reported as such.
 *
 * @param kernel release, as {@code uname -r} tells it
 * @param cpu model name
 * @param tool that recorded, with its version
 * @param inVm recorded inside a virtual machine: its TLB misses were two-dimensional, its CPUs could be stolen
 * @param pti page-table isolation was active, so kernel entries already paid for it
 * @param mitigations all others by name, in the words of {@code /sys/devices/system/cpu/vulnerabilities}
 */
public record Recorded(String kernel, String cpu, String tool, Fact inVm, Fact pti, Map<String, String> mitigations) {
    public static final Recorded UNKNOWN = new Recorded("", "", "", Fact.UNKNOWN, Fact.UNKNOWN, Map.of());

    public Recorded {
        mitigations = Collections.unmodifiableMap(new TreeMap<>(mitigations));
    }

    public enum Fact {
        YES,
        NO,
        UNKNOWN
    }
}
