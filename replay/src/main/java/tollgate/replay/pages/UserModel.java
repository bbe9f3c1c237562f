package tollgate.replay.pages;

/**
 * What a program touches in user mode: W(d), the distinct pages of a stretch of d instructions, as a
 * measured curve, and how often its pages of each popularity rank are in a stretch.
 *
 * <p>Between its points the curve is linear in the logarithm of d; beyond the last point it stays.
 */
final class UserModel {
    static final UserModel NONE = new UserModel(new long[0], new double[0], new long[0]);

    private final long[] instructions;
    private final double[] distinct;
    /** Stretches that touched the page of this rank. */
    final long[] weights;

    UserModel(long[] instructions, double[] distinct, long[] weights) {
        this.instructions = instructions;
        this.distinct = distinct;
        this.weights = weights;
    }

    void write(java.util.function.LongConsumer varint) {
        varint.accept(instructions.length);
        for (int i = 0; i < instructions.length; i++) {
            varint.accept(instructions[i]);
            varint.accept(Math.round(distinct[i] * 1000));
        }
        varint.accept(weights.length);
        for (long weight : weights) {
            varint.accept(weight);
        }
    }

    /**
     * Distinct pages when so many are taken, with repetition and each alike, out of those that a process has: what is left
     * of a stretch of a process that has much in a process that has little.
     */
    static double limited(double pages, double resident) {
        return resident * -StrictMath.expm1(-pages / resident);
    }

    boolean isEmpty() {
        return instructions.length == 0 || weights.length == 0;
    }

    /** Whether stretches of this length, or nearly, were measured. */
    boolean reaches(double length) {
        return length <= 2 * instructions[instructions.length - 1];
    }

    /** Pages that a stretch of this many instructions touches. */
    double distinct(double of) {
        int n = instructions.length;
        if (of <= instructions[0]) {
            return distinct[0];
        }
        for (int i = 1; i < n; i++) {
            if (of <= instructions[i]) {
                double from = Math.log(instructions[i - 1]);
                double share = (Math.log(of) - from) / (Math.log(instructions[i]) - from);
                return distinct[i - 1] + share * (distinct[i] - distinct[i - 1]);
            }
        }
        return distinct[n - 1];
    }
}
