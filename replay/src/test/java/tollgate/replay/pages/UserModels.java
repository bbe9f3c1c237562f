package tollgate.replay.pages;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tollgate.replay.Cause;

/** Fits {@link UserModel} to the user-mode stretches of a stream. */
final class UserModels {
    /** Ranks kept: no stretch of the streams touches more. */
    private static final int RANKS = 2048;

    private static final int OCTAVES = 40;

    /** @param faults since exec, or {@link Residents#UNKNOWN} */
    private record Stretch(long instructions, int pages, int faults) {}

    private final Residents residents = new Residents();
    /** Stretches that touched a page, by address space. */
    private final Map<Integer, Map<Integer, Integer>> weights = new TreeMap<>();

    private final List<List<Stretch>> stretches = new ArrayList<>();

    private UserModels(Source source) {
        for (int octave = 0; octave < OCTAVES; octave++) {
            stretches.add(new ArrayList<>());
        }
        collect(source);
    }

    /** W of each octave of length, made monotonous, as a process with everything in memory would have it. */
    static UserModel fit(Source source, double pagesPerFault) {
        return new UserModels(source).model(source.rankWeight, pagesPerFault);
    }

    /**
     * Pages that stretches choose from, per fault, of the processes that begin in a stream. Popular pages count more: of
     * weights w they are (sum of w)^2 / sum of w^2, which is the number of pages if all are alike.
     */
    static double pagesPerFault(Source source) {
        UserModels models = new UserModels(source);
        double pages = 0;
        double faults = 0;
        for (Map.Entry<Integer, Map<Integer, Integer>> space : models.weights.entrySet()) {
            if (models.residents.faults(space.getKey()) != Residents.UNKNOWN) {
                double sum = 0;
                double squares = 0;
                for (double weight : space.getValue().values()) {
                    sum += weight;
                    squares += weight * weight;
                }
                pages += sum * sum / squares;
                faults += models.residents.faults(space.getKey());
            }
        }
        return pages / faults;
    }

    private void collect(Source source) {
        Map<Integer, Integer> spaceOf = new HashMap<>();
        Set<Integer> newborn = new HashSet<>();
        for (Invocation invocation : source.invocations) {
            int mm = invocation.mm;
            if (Cause.family(invocation.cause) == Cause.Family.FAULT) {
                residents.fault(mm);
            } else if (invocation.cause == PageStream.NEW_TASK) {
                newborn.add(invocation.task);
            } else if (invocation.cause == Cutter.USER) {
                Integer old = spaceOf.put(invocation.task, mm);
                boolean execed = old != null && old != mm;
                if (!weights.containsKey(mm) && (execed || newborn.contains(invocation.task))) {
                    residents.begin(mm);
                }
                Set<Integer> pages = pages(invocation);
                Map<Integer, Integer> weight = weights.computeIfAbsent(mm, k -> new HashMap<>());
                pages.forEach(page -> weight.merge(page, 1, Integer::sum));
                if (invocation.instructions > 0) {
                    stretches
                            .get(63 - Long.numberOfLeadingZeros(invocation.instructions))
                            .add(new Stretch(invocation.instructions, pages.size(), residents.faults(mm)));
                }
            }
        }
    }

    private static Set<Integer> pages(Invocation stretch) {
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < stretch.size; i++) {
            seen.add(stretch.accesses[i] >>> 2);
        }
        return seen;
    }

    private UserModel model(long[] rankWeight, double pagesPerFault) {
        long[] at = new long[OCTAVES];
        double[] distinct = new double[OCTAVES];
        int points = 0;
        double highest = 1;
        for (List<Stretch> octave : stretches) {
            double w = unlimited(octave, pagesPerFault);
            if (w > 0) {
                highest = Math.max(highest, w);
                at[points] = Math.round(octave.stream()
                        .mapToLong(Stretch::instructions)
                        .average()
                        .orElseThrow());
                distinct[points++] = highest;
            }
        }
        int ranks = RANKS;
        while (ranks > 1 && rankWeight[ranks - 1] == 0) {
            ranks--;
        }
        return new UserModel(
                Arrays.copyOf(at, points), Arrays.copyOf(distinct, points), Arrays.copyOf(rankWeight, ranks));
    }

    /** The W that leaves these stretches as many pages as they have, each limited by what its process has; 0 when there is none. */
    private static double unlimited(List<Stretch> stretches, double pagesPerFault) {
        double pages = stretches.stream().mapToInt(Stretch::pages).sum();
        double low = 0;
        double high = RANKS;
        for (int i = 0; i < 50; i++) {
            double middle = (low + high) / 2;
            double sum = 0;
            for (Stretch stretch : stretches) {
                sum += limited(stretch, middle, pagesPerFault);
            }
            if (sum < pages) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high == RANKS ? 0 : low; // they have more than the limits allow, so these say nothing
    }

    private static double limited(Stretch stretch, double w, double pagesPerFault) {
        return stretch.faults == Residents.UNKNOWN
                ? w
                : UserModel.limited(w, Math.max(1, pagesPerFault * stretch.faults));
    }
}
