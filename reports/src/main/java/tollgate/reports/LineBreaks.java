package tollgate.reports;

import com.openhtmltopdf.extend.FSTextBreaker;

/**
 * Where a line of the report may end: after a space, a hyphen between letters, and around the punctuation inside names of
 * strategies and files, which a narrow column would otherwise cut in the middle of a word.
 */
final class LineBreaks implements FSTextBreaker {
    /** What {@link java.text.BreakIterator#DONE} means. */
    private static final int DONE = -1;

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
            case '-' -> Character.isLetter(after);
            default -> false;
        };
    }
}
