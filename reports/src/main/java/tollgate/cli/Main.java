package tollgate.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import tollgate.ingest.BadInput;
import tollgate.ingest.Formats;
import tollgate.replay.Contradiction;

/** {@code tollgate}: finds the command and turns what went wrong into one line and an exit code. */
@Command(
        name = "tollgate",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Replays recordings of real systems through kernel isolation strategies (KPTI, ASI, ...) on a simulated MMU,"
                    + " and reports what each would have cost that workload: added time in per cent of its busy time, or"
                    + " added cycles per VM exit, with a 5 to 95 %% interval.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tollgate compare traces                   # the shipped recordings, one report",
            "  tollgate record -- make -j2               # your own; says what is next",
            "  tollgate inspect make.perf.data           # what is in it, before trusting it",
            "  tollgate compare make.perf.data --cpu zen3 -o make-report",
            "  tollgate explain kpti                     # what a strategy does, and at what",
            "",
            "'tollgate COMMAND --help' has more examples."
        },
        commandListHeading = "%nCommands:%n",
        subcommands = {
            RecordCommand.class,
            InspectCommand.class,
            CompareCommand.class,
            DiffCommand.class,
            StudyCommand.class,
            ConvertCommand.class,
            ListCommand.class,
            ExplainCommand.class,
            ValidateCommand.class,
            AutoComplete.GenerateCompletion.class
        })
public final class Main {
    static final int FAULT = 1;
    static final int BAD_INPUT = 3;
    static final int CANNOT_WRITE = 4;

    private Main() {}

    public static void main(String[] args) {
        int code;
        try {
            code = run(args);
        } catch (OutOfMemoryError e) {
            System.err.println("tollgate: out of memory (" + e.getMessage() + ") with "
                    + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MiB; nothing was written. Give more: TOLLGATE_JAVA_OPTIONS=-Xmx4g");
            code = FAULT;
        } catch (StackOverflowError e) {
            code = fault(e, new PrintWriter(System.err, true));
        }
        System.exit(code);
    }

    static int run(String... args) {
        System.setProperty("java.awt.headless", "true");
        return configured(commands()).execute(args);
    }

    static CommandLine commands() {
        CommandLine tollgate = new CommandLine(new Main());
        // What follows the command to record belongs to it, with or without a "--" before it.
        tollgate.getSubcommands().get("record").setStopAtPositional(true);
        listExitCodes(tollgate);
        return tollgate;
    }

    private static void listExitCodes(CommandLine tollgate) {
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put("0", "done");
        codes.put(String.valueOf(FAULT), "a fault of Tollgate itself: please report it");
        codes.put(String.valueOf(CommandLine.ExitCode.USAGE), "wrong usage");
        codes.put(String.valueOf(BAD_INPUT), "bad input: the message names the place and the way out");
        codes.put(String.valueOf(CANNOT_WRITE), "could not write, or not record; nothing half-written is left");
        for (CommandLine each : tollgate.getSubcommands().values()) {
            each.getCommandSpec()
                    .usageMessage()
                    .exitCodeListHeading("%nExit codes:%n")
                    .exitCodeList(codes);
        }
        tollgate.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(codes);
    }

    static CommandLine configured(CommandLine tollgate) {
        return tollgate.setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Main::explain)
                .setParameterExceptionHandler(Main::correct);
    }

    /** @throws CommandLine.ParameterException if one of these whole numbers was given and is less than 1 */
    static void requireOneOrMore(CommandLine.Model.CommandSpec command, String... options) {
        for (String option : options) {
            int given = command.commandLine().getParseResult().matchedOptionValue(option, 1);
            if (given < 1) {
                throw new CommandLine.ParameterException(
                        command.commandLine(), option + " must be 1 or more, not " + given);
            }
        }
    }

    /** @throws CommandLine.ParameterException if a format was named that is none; the empty string names none */
    static void requireKnownFormat(CommandLine.Model.CommandSpec command, String format) {
        if (!format.isEmpty()) {
            try {
                Formats.named(format);
            } catch (BadInput e) {
                throw new CommandLine.ParameterException(command.commandLine(), e.getMessage());
            }
        }
    }

    /** What is wrong with the words, and where to read on; the whole usage would hide it. */
    private static int correct(CommandLine.ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        command.getErr().println("tollgate: " + wrong.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(wrong, command.getErr());
        command.getErr().println("see '" + command.getCommandSpec().qualifiedName() + " --help'");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed)
            throws Exception {
        if (failure instanceof BadInput) {
            command.getErr().println("tollgate: " + failure.getMessage());
            return BAD_INPUT;
        }
        if (failure instanceof CommandLine.ParameterException) {
            throw failure;
        }
        if (failure instanceof IOException || failure instanceof UncheckedIOException) {
            command.getErr().println("tollgate: " + describe(failure));
            return CANNOT_WRITE;
        }
        return fault(failure, command.getErr());
    }

    /** A fault of ours: one line for the user, the rest on request. Whatever was to be written is not there. */
    private static int fault(Throwable failure, PrintWriter err) {
        StackTraceElement place = failure.getStackTrace().length == 0
                ? null
                : failure.getStackTrace()[failure.getStackTrace().length - 1];
        for (StackTraceElement each : failure.getStackTrace()) {
            if (each.getClassName().startsWith("tollgate.")) {
                place = each;
                break;
            }
        }
        err.println("tollgate: a fault of Tollgate itself, nothing was written: "
                + (failure instanceof Contradiction
                        ? "the replay contradicts itself: "
                        : failure.getClass().getSimpleName() + ": ")
                + String.valueOf(failure.getMessage()).lines().findFirst().orElse("") + " (at " + place
                + "); please report it with the recording. TOLLGATE_JAVA_OPTIONS=-Dtollgate.trace=true shows more");
        if (Boolean.getBoolean("tollgate.trace")) {
            failure.printStackTrace(err);
        }
        return FAULT;
    }

    /** Java's file exceptions say only the file; their class says what happened to it. */
    private static String describe(Exception failure) {
        Throwable cause = failure instanceof UncheckedIOException ? failure.getCause() : failure;
        String what = cause.getClass().getSimpleName().replace("Exception", "");
        String message = cause.getMessage() == null ? "" : cause.getMessage();
        return message + (cause.getClass() == IOException.class ? "" : " (" + words(what) + ")")
                + "; check the disk and the permissions";
    }

    private static String words(String camelCase) {
        return camelCase.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
}
