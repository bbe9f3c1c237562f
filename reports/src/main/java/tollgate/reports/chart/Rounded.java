package tollgate.reports.chart;

import java.math.BigDecimal;
import java.math.RoundingMode;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.Estimate;

/**
 * Numbers as a reader sees them: rounded to what their interval supports.
 *
 * <p>The rule is the Particle Data Group's (Review of Particle Physics, Introduction, "Rounding"): of the
 * uncertainty's three leading digits, 100 to 354 keep two digits, 355 to 999 one; value and ends end on that
 * digit, or on the next where an end has none before it. The uncertainty is the nearer end's distance, so that a long tail does
 * not round the value away.
 */
public final class Rounded {
    /** Between groups of three digits; does not break. */
    private static final char GROUP = '\u00a0';

    private static final int MOST_DIGITS = 5;

    private Rounded() {}

    /** {@code 3.2}, {@code 12 300}, or "cannot tell". */
    public static String value(Figure figure) {
        return figure instanceof Estimate e ? plain(e.value(), place(e)) : "cannot tell";
    }

    /** {@code [2.1, 4.5]}, or empty where there is none. */
    public static String interval(Figure figure) {
        if (figure instanceof Estimate e && e.low() < e.high()) {
            int place = place(e);
            return "[" + plain(e.low(), place) + ", " + plain(e.high(), place) + "]";
        }
        return "";
    }

    /** {@code 3.2 [2.1, 4.5]}. */
    public static String both(Figure figure) {
        return (value(figure) + " " + interval(figure)).strip();
    }

    /** Rounded to what its interval supports; where it has none, to that many significant digits. */
    public static String both(Estimate figure, int digits) {
        return figure.low() < figure.high() ? both(figure) : digits(figure.value(), digits);
    }

    public static String count(long count) {
        return plain(count, 0);
    }

    /** To that many significant digits, for figures without an interval. */
    public static String digits(double value, int digits) {
        return value == 0 ? "0" : plain(value, exponent(value) - digits + 1);
    }

    /** Power of ten of the last digit shown. */
    private static int place(Estimate e) {
        double largest = Math.max(Math.abs(e.value()), Math.max(Math.abs(e.low()), Math.abs(e.high())));
        if (largest == 0) {
            return 0;
        }
        int finest = exponent(largest) - MOST_DIGITS + 1;
        double below = Math.abs(e.value() - e.low());
        double above = Math.abs(e.high() - e.value());
        double uncertainty = below == 0 || above == 0 ? Math.max(below, above) : Math.min(below, above);
        if (uncertainty == 0) {
            int place = Math.min(0, finest);
            while (place < 0 && isMultiple(e.value(), place + 1)) {
                place++;
            }
            return place;
        }
        int lead = exponent(uncertainty);
        boolean twoDigits = uncertainty / Math.pow(10, lead) < 3.55;
        int place = twoDigits ? lead - 1 : lead;
        return Math.max(finest, isBelow(place, e.low()) || isBelow(place, e.high()) ? place - 1 : place);
    }

    /** Whether an end would become nothing, or twice itself, and shows when rounded one digit later. */
    private static boolean isBelow(int place, double end) {
        return end != 0 && exponent(end) == place - 1;
    }

    /** Whether rounding there to that power of ten loses nothing that five digits would show. */
    private static boolean isMultiple(double value, int place) {
        double units = value / Math.pow(10, place);
        return Math.abs(units - Math.rint(units)) < 1e-6;
    }

    private static int exponent(double value) {
        return (int) Math.floor(Math.log10(Math.abs(value)));
    }

    static String plain(double value, int place) {
        String digits = new BigDecimal(value)
                .setScale(-place, RoundingMode.HALF_EVEN)
                .setScale(Math.max(0, -place))
                .toPlainString();
        int point = digits.indexOf('.');
        StringBuilder grouped = new StringBuilder(digits);
        int first = digits.startsWith("-") ? 1 : 0;
        int whole = point < 0 ? digits.length() : point;
        if (whole - first > 4) {
            for (int i = whole - 3; i > first; i -= 3) {
                grouped.insert(i, GROUP);
            }
        }
        return grouped.toString();
    }
}
