package tollgate.replay.exposure;

/** Numbers of pages mapped one by one, by sensitivity level, packed in one word: 21 bits a level from 1 to 3. */
public final class Demand {
    private static final int BITS = 21;

    private Demand() {}

    /** One more page of this level; none of level 0. */
    public static long more(long pages, int level) {
        return level == 0 ? pages : pages + (1L << BITS * (level - 1));
    }

    static long pages(long pages, int level) {
        return pages >>> BITS * (level - 1) & (1 << BITS) - 1;
    }
}
