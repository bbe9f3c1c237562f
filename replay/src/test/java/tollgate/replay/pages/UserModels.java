package tollgate.replay.pages;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** Fits {@link UserModel} to the user-mode stretches of a stream. */
final class UserModels {
    /** Ranks kept: no stretch of the streams touches more. */
    private static final int RANKS = 2048;

    private UserModels() {}

    /** Mean distinct pages of the stretches in each octave of length, made monotonous. */
    static UserModel fit(Source source) {
        double[] length = new double[40];
        double[] pages = new double[40];
        int[] count = new int[40];
        Set<Integer> seen = new HashSet<>();
        for (Invocation invocation : source.invocations) {
            if (invocation.cause == Cutter.USER && invocation.instructions > 0) {
                seen.clear();
                for (int i = 0; i < invocation.size; i++) {
                    seen.add(invocation.accesses[i] >>> 2);
                }
                int octave = 63 - Long.numberOfLeadingZeros(invocation.instructions);
                length[octave] += invocation.instructions;
                pages[octave] += seen.size();
                count[octave]++;
            }
        }
        long[] at = new long[40];
        double[] distinct = new double[40];
        int points = 0;
        double highest = 1;
        for (int octave = 0; octave < 40; octave++) {
            if (count[octave] > 0) {
                highest = Math.max(highest, pages[octave] / count[octave]);
                at[points] = Math.round(length[octave] / count[octave]);
                distinct[points++] = highest;
            }
        }
        int ranks = RANKS;
        while (ranks > 1 && source.rankWeight[ranks - 1] == 0) {
            ranks--;
        }
        return new UserModel(
                Arrays.copyOf(at, points), Arrays.copyOf(distinct, points), Arrays.copyOf(source.rankWeight, ranks));
    }
}
