package tollgate.analysis;

/**
 * Shares of a model's variance by input: the estimators of Saltelli et al. (Computer Physics Communications 181, 2010,
 * table 2) for the first order and of Jansen (1999, in the same table) for the total.
 *
 * <p>The model is run on two independent sets of inputs, A and B, and on A with one input taken from B. Runs that have
 * no result are NaN and left out.
 */
final class Sobol {
    private Sobol() {}

    /**
     * @param first share of the variance that goes if the input is known
     * @param total share that stays if all others are known; 0 exactly if the input has no effect
     */
    record Indices(double first, double total) {}

    /**
     * @param a results on the first set
     * @param b on the second
     * @param mixed on the first with one input from the second
     */
    static Indices of(double[] a, double[] b, double[] mixed) {
        double sum = 0;
        int n = 0;
        for (int i = 0; i < a.length; i++) {
            if (isWhole(a[i], b[i], mixed[i])) {
                sum += a[i] + b[i];
                n++;
            }
        }
        double mean = sum / (2 * n);
        double variance = 0;
        double first = 0;
        double total = 0;
        for (int i = 0; i < a.length; i++) {
            if (isWhole(a[i], b[i], mixed[i])) {
                variance += ((a[i] - mean) * (a[i] - mean) + (b[i] - mean) * (b[i] - mean)) / 2;
                first += (b[i] - mean) * (mixed[i] - a[i]);
                total += (mixed[i] - a[i]) * (mixed[i] - a[i]) / 2;
            }
        }
        return variance > 0 ? new Indices(first / variance, total / variance) : new Indices(0, 0);
    }

    private static boolean isWhole(double a, double b, double mixed) {
        return !Double.isNaN(a + b + mixed);
    }
}
