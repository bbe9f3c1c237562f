package tollgate.reports;

import com.openhtmltopdf.extend.FSTextBreaker;

/**
 * Where a line of the report may end: after a space, a hyphen between letters, and around the punctuation inside names of
 * strategies and files, which a narrow column would otherwise cut in the middle of a word.
 */
final class LineBreaks implements FSTextBreaker {
    /** What {@link java.text.BreakIterator#DONE} means. */
    private static final int DONE = -1;

    /** Characters that fit a column of six on a page. */
    private static final int LONGEST_PARAMETER = 11;

    private String text = "";
    private int at;

    @Override
    public void setText(String newText) {
        text = newText;
        at = 0;
    }

    /** The next position before which a line may end; the end of the text is the last. */
    @Override
    public int next() {
        if (at >= text.length()) {
            return DONE;
        }
        at++;
        while (at < text.length() && !isBreak(at)) {
            at++;
        }
        return at;
    }

    private boolean isBreak(int position) {
        char before = text.charAt(position - 1);
        char after = text.charAt(position);
        if (after == ' ' || after == '\n') {
            return false;
        }
        if (after == '(' && Character.isLetterOrDigit(before)) {
            return true;
        }
        return switch (before) {
            case ' ', '\n', '\t' -> true;
            case ',', '/', '_', '+' -> Character.isLetterOrDigit(after);
            case '=' -> isLongParameter(position);
            case '-' -> Character.isLetter(after);
            default -> false;
        };
    }

    /** Whether the parameter around a '=' is too long to stay whole in a column. */
    private boolean isLongParameter(int position) {
        int start = position - 1;
        while (start > 0 && "(, ".indexOf(text.charAt(start - 1)) < 0) {
            start--;
        }
        int end = position;
        while (end < text.length() && "), ".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end - start > LONGEST_PARAMETER;
    }
}
