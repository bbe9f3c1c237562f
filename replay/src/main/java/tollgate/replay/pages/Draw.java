package tollgate.replay.pages;

/** Stateless random numbers: the same words in, the same number out, whatever was asked before. */
final class Draw {
    private Draw() {}

    /** Steele, Lea, Flood: Fast splittable pseudorandom number generators (OOPSLA 2014), finaliser of SplitMix64. */
    static long mix(long z) {
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    static long mix(long a, long b) {
        return mix(a * 0x9e3779b97f4a7c15L + mix(b + 0x9e3779b97f4a7c15L));
    }

    /** 0 to bound - 1, for bounds up to 2^31: the upper bits scaled, bias below 2^-32. */
    static int below(long random, int bound) {
        return (int) ((random >>> 32) * bound >>> 32);
    }

    /** 0 inclusive to 1 exclusive. */
    static double unit(long random) {
        return (random >>> 11) * 0x1p-53;
    }
}
