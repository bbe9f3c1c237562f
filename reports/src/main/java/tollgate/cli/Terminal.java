package tollgate.cli;

import java.util.ArrayList;
import java.util.List;

/** Text for a terminal that nobody has to widen. */
final class Terminal {
    /** Columns. */
    static final int WIDTH = 80;

    private Terminal() {}

    /**
     * A text in lines that are broken between words; a word that is longer than a line stands out.
     *
     * @param first what the first line begins with
     * @param next what all others begin with
     */
    static List<String> wrapped(String first, String next, String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(first);
        boolean isEmpty = true;
        for (String word : text.split(" ")) {
            if (!isEmpty && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(next);
                isEmpty = true;
            }
            line.append(isEmpty ? "" : " ").append(word);
            isEmpty = false;
        }
        lines.add(line.toString());
        return lines;
    }
}
