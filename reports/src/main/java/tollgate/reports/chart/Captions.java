package tollgate.reports.chart;

/** Sentences that captions share. */
final class Captions {
    private Captions() {}

    static String intervals(boolean logarithmic) {
        return "The mark is the value at mid prices, the line its 5 to 95 % interval; the number on the right is the "
                + "value. "
                + (logarithmic
                        ? "The axis is logarithmic; an arrow head means that the line goes on to values that it "
                                + "cannot show, down to zero. "
                        : "")
                + "\"Cannot tell\" stands where the recording does not allow an answer.";
    }
}
