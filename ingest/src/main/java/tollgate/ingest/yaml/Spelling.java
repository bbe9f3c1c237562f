package tollgate.ingest.yaml;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** Which known word was meant by an unknown one. */
public final class Spelling {
    /** Longer words are not looked at: the table of {@link #distance} grows with the square. */
    private static final int MAX_LENGTH = 64;

    private Spelling() {}

    /**
     * The known word at the least distance, if it is near enough to be meant: at most a third of the letters wrong,
     * or one word begins the other. Of equals, the first in the alphabet.
     */
    public static Optional<String> nearest(String word, Collection<String> known) {
        String best = null;
        int least = Math.max(1, word.length() / 3) + 1;
        for (String candidate : new TreeSet<>(known)) {
            int distance = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < least) {
                best = candidate;
                least = distance;
            }
        }
        if (best == null && word.length() >= 3) {
            String start = word.toLowerCase(Locale.ROOT);
            best = known.stream()
                    .filter(candidate ->
                            candidate.startsWith(start) || (candidate.length() >= 3 && start.startsWith(candidate)))
                    .sorted()
                    .findFirst()
                    .orElse(null);
        }
        return Optional.ofNullable(best);
    }

    /** {@code ; did you mean 'kpti'?}, or {@code ; known: a, b, c} if nothing is near. */
    public static String hint(String word, Collection<String> known) {
        return nearest(word, known)
                .map(near -> "; did you mean '" + near + "'?")
                .orElseGet(() -> known.isEmpty() ? "" : "; known: " + String.join(", ", new TreeSet<>(known)));
    }

    /** Letters to insert, drop, change or swap with their neighbour (optimal string alignment). */
    static int distance(String a, String b) {
        if (a.length() > MAX_LENGTH || b.length() > MAX_LENGTH) {
            return Integer.MAX_VALUE;
        }
        int[] before = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(last[j - 1] + change, Math.min(last[j], row[j - 1]) + 1);
                boolean isSwap =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (isSwap) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
            int[] free = before;
            before = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}
