package tollgate.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Writes what {@code --help} prints, a file a command, while the program is built; {@link Start} prints the files. */
public final class HelpPages {
    /** Beside this class. */
    static final String FOLDER = "help/";

    static final String SUFFIX = ".txt";

    /** The page of the program itself. */
    static final String TOP = "tollgate";

    private HelpPages() {}

    /** @param args folder of the compiled classes */
    public static void main(String[] args) throws IOException {
        Path folder =
                Path.of(args[0], HelpPages.class.getPackageName().split("\\.")).resolve(FOLDER);
        Files.createDirectories(folder);
        for (Map.Entry<String, CommandLine> each : commands().entrySet()) {
            Files.writeString(
                    folder.resolve(each.getKey() + SUFFIX), each.getValue().getUsageMessage(Ansi.ON));
        }
    }

    static Map<String, CommandLine> commands() {
        CommandLine tollgate = Main.commands();
        Map<String, CommandLine> commands = new TreeMap<>(tollgate.getSubcommands());
        commands.put(TOP, tollgate);
        return commands;
    }
}
