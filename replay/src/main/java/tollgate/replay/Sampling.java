package tollgate.replay;

import java.io.Serializable;

/**
 * Which stretches of a trace are measured. Systematic: one stretch of {@link #STRETCH} events in so many, the first one
 * first. Before each, some events are replayed whole and not counted, so that TLBs and address spaces are found as they
 * would be; in between only tasks, address spaces and flushes are followed, no page is touched.
 *
 * @param every one stretch in so many, at least 1; 1 measures all
 * @param warmUp events replayed before a stretch
 */
public record Sampling(int every, int warmUp) implements Serializable {
    public Sampling {
        if (every < 1 || warmUp < 0) {
            throw new IllegalArgumentException("expected one stretch in 1 or more, not in " + every);
        }
    }

    /** Measures all. */
    public static final Sampling EXACT = new Sampling(1, 0);

    /** Events in a stretch. */
    public static final int STRETCH = 8192;

    /** Some hundred kernel entries of each CPU, each touching a hundred pages: several times what a second level holds. */
    private static final int WARM_UP = 2048;

    /** One stretch in so many, warmed up as long as tests show to be enough. */
    public static Sampling oneIn(int every) {
        return every == 1 ? EXACT : new Sampling(every, WARM_UP);
    }

    public boolean isExact() {
        return every == 1;
    }

    /** Whether the event at this place of the trace, from 0, is counted. */
    boolean measures(long position) {
        return position / STRETCH % every == 0;
    }

    /** Whether its pages are touched: it is counted, or a stretch that is follows soon. */
    boolean touches(long position) {
        return measures(position) || measures(position + warmUp);
    }
}
