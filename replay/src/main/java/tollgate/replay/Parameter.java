package tollgate.replay;

/**
 * Something about a strategy that may be set, with its bounds.
 *
 * @param name as written: {@code sci(prefill=0.8)}
 * @param standard the default, as written
 * @param low least value of a number; 0 for a switch
 * @param high greatest value of a number; 1 for a switch
 * @param isSwitch whether it is true or false
 * @param meaning what it does, in a phrase
 * @param source where it comes from
 */
public record Parameter(
        String name, String standard, double low, double high, boolean isSwitch, String meaning, String source) {
    public static Parameter ofSwitch(String name, boolean standard, String meaning, String source) {
        return new Parameter(name, String.valueOf(standard), 0, 1, true, meaning, source);
    }

    public static Parameter ofNumber(
            String name, double standard, double low, double high, String meaning, String source) {
        String text = standard == Math.rint(standard) ? String.valueOf((long) standard) : String.valueOf(standard);
        return new Parameter(name, text, low, high, false, meaning, source);
    }
}
