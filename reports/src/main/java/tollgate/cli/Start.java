package tollgate.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;

/**
 * What the launcher starts: answers requests for help from pages that {@link HelpPages} wrote when the program was built,
 * and hands everything else to {@link Main}.
 *
 * <p>Reading the annotations of ten commands to print a page that never changes takes four times as long as a JVM that says
 * hello; this takes as long as that.
 */
public final class Start {
    private static final int WRONG_USAGE = 2;

    private Start() {}

    public static void main(String[] args) throws IOException {
        Optional<String> page = page(args);
        if (page.isEmpty()) {
            Main.main(args);
            return;
        }
        PrintStream out = args.length == 0 ? System.err : System.out;
        out.print(mayBeColoured() && Ansi.AUTO.enabled() ? page.get() : plain(page.get()));
        out.flush();
        if (args.length == 0) {
            System.exit(WRONG_USAGE);
        }
    }

    /** The page that these words ask for, if they ask for nothing else. */
    static Optional<String> page(String... words) throws IOException {
        if (words.length == 0) {
            return read(HelpPages.TOP);
        }
        boolean isHelp = words[words.length - 1].equals("--help") || words[words.length - 1].equals("-h");
        if (!isHelp || words.length > 2) {
            return Optional.empty();
        }
        return words.length == 1 ? read(HelpPages.TOP) : read(words[0]);
    }

    /** Without any of these picocli does not colour either; asking it takes as long as all the rest. */
    private static boolean mayBeColoured() {
        return System.console() != null
                || System.getenv("CLICOLOR_FORCE") != null
                || System.getProperty("picocli.ansi") != null;
    }

    private static Optional<String> read(String name) throws IOException {
        // The words are the user's: only a name may become a file's.
        for (int i = 0; i < name.length(); i++) {
            char letter = name.charAt(i);
            if (letter != '-' && (letter < 'a' || letter > 'z')) {
                return Optional.empty();
            }
        }
        String file = HelpPages.FOLDER.concat(name).concat(HelpPages.SUFFIX); // a "+" takes 10 ms the first time
        try (InputStream in = Start.class.getResourceAsStream(file)) {
            return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** Without the escape sequences that colour it. */
    static String plain(String page) {
        StringBuilder plain = new StringBuilder(page.length());
        int from = 0;
        for (int escape = page.indexOf('\033'); escape >= 0; escape = page.indexOf('\033', from)) {
            plain.append(page, from, escape);
            from = page.indexOf('m', escape) + 1;
        }
        return plain.append(page, from, page.length()).toString();
    }
}
