package tollgate.analysis;

import java.util.ArrayList;
import java.util.List;
import tollgate.analysis.Figure.Estimate;

/**
 * "Immune, no matter what runs on the sibling" at a stated rate of VM exits: for what share of a vCPU's time it holds, and
 * how often a sibling would have to be stunned for it to hold always. A recording without a real clock tells how many windows
 * of the full space there are to an exit, not how long they are: {@link #SHORT} to {@link #LONG} is assumed.
 *
 * @param exitsPerSecond of one vCPU
 * @param holds percent of time
 * @param stuns a second: from none, beside a sibling that runs nothing untrusted, to one a window, beside one that always does
 * @param stunned milliseconds a second that the sibling stands still for it
 */
public record GuestClaim(double exitsPerSecond, Figure holds, Figure stuns, Figure stunned) {
    /** Seconds: some thousand cycles, an exit that is served in the kernel. Assumed. */
    public static final double SHORT = 1e-6;

    /** Seconds: an exit that goes to the VMM in user mode and back. Assumed. */
    public static final double LONG = 20e-6;

    private static final double[] RATES = {1_000, 10_000, 50_000};

    /** @return nothing for a strategy of which it is not told how many exits it serves restricted */
    public static List<GuestClaim> of(Comparison.Strategy strategy, Comparison.Trace trace) {
        Exposed windows = strategy.exposure().get(ExposureMetric.WINDOWS);
        Exposed restricted = strategy.exposure().get(ExposureMetric.EXITS_RESTRICTED);
        List<GuestClaim> claims = new ArrayList<>();
        if (trace.vmExits() > 0
                && windows != null
                && windows.figure() instanceof Estimate count
                && restricted != null
                && restricted.figure() instanceof Estimate served
                && served.value() > 0) {
            for (double rate : RATES) {
                claims.add(at(rate, count.value() / trace.vmExits()));
            }
        }
        return claims;
    }

    private static GuestClaim at(double rate, double windowsPerExit) {
        double windows = rate * windowsPerExit;
        double least = Math.min(1, windows * SHORT);
        double most = Math.min(1, windows * LONG);
        return new GuestClaim(
                rate,
                new Estimate(100 * (1 - most), 100 * (1 - most), 100 * (1 - least)),
                new Estimate(windows, 0, windows),
                new Estimate(1000 * most, 0, 1000 * most));
    }
}
