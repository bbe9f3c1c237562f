package tollgate.cli.record;

import java.util.List;
import java.util.stream.Collectors;

/** A command as one types it. */
public final class Words {
    private Words() {}

    /** With quotes where the shell needs them. */
    public static String shown(List<String> words) {
        return words.stream().map(Words::shown).collect(Collectors.joining(" "));
    }

    /** A single word, likewise. */
    public static String shown(String word) {
        return word.matches("[A-Za-z0-9_./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
