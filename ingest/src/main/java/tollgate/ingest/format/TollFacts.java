package tollgate.ingest.format;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tollgate.ingest.BadInput;
import tollgate.ingest.Coverage;
import tollgate.ingest.Kind;
import tollgate.ingest.Tally;

/** Coverage and tally as lines of text, as the tail of a {@link Toll} file has them. */
final class TollFacts {
    private TollFacts() {}

    static String write(Coverage coverage, Tally tally) {
        StringBuilder text = new StringBuilder();
        line(text, "scope", coverage.scope().name());
        line(text, "clock", coverage.clock().name());
        line(text, "cpus", String.valueOf(coverage.hasCpus()));
        line(text, "processes", String.valueOf(coverage.hasProcesses()));
        line(text, "certain", String.valueOf(coverage.isRecordedSetCertain()));
        List<String> recorded = new ArrayList<>(List.of("recorded"));
        // Sorted: the same recording gives the same bytes.
        new TreeSet<>(coverage.recorded()).forEach(kind -> recorded.add(kind.name()));
        line(text, recorded.toArray(String[]::new));
        tally.tracepoints().forEach((name, count) -> line(text, "tracepoint", name, String.valueOf(count.value())));
        tally.notes().forEach((what, count) -> line(text, "note", what, String.valueOf(count.value())));
        tally.header().forEach((key, value) -> line(text, "header", key, value));
        line(text, "lost", String.valueOf(tally.lost()), String.valueOf(tally.lossReports()));
        line(text, "disorder", String.valueOf(tally.outOfOrder()));
        line(text, "skipped", String.valueOf(tally.skipped()), tally.firstSkipped());
        line(text, "early", tally.endsEarly());
        return text.toString();
    }

    /**
     * @param tally is filled
     * @param events of the whole recording, which no count of reports can exceed
     * @throws BadInput if a line has a value that no writer writes
     */
    static Coverage read(String text, Tally tally, long events, String place) {
        Coverage.Scope scope = Coverage.Scope.UNKNOWN;
        Coverage.Clock clock = Coverage.Clock.NANOS;
        boolean hasCpus = false;
        boolean hasProcesses = false;
        boolean isCertain = false;
        Set<Kind> recorded = EnumSet.noneOf(Kind.class);
        for (String line : text.split("\n")) {
            String[] words = words(line);
            try {
                switch (words[0]) {
                    case "scope" -> scope = Coverage.Scope.valueOf(words[1]);
                    case "clock" -> clock = Coverage.Clock.valueOf(words[1]);
                    case "cpus" -> hasCpus = words[1].equals("true");
                    case "processes" -> hasProcesses = words[1].equals("true");
                    case "certain" -> isCertain = words[1].equals("true");
                    case "recorded" -> {
                        for (int i = 1; i < words.length; i++) {
                            recorded.add(Kind.valueOf(words[i]));
                        }
                    }
                    case "tracepoint" -> tally.tracepoint(words[1]).add(Long.parseLong(words[2]));
                    case "note" -> tally.note(words[1]).add(Long.parseLong(words[2]));
                    case "header" -> tally.header(words[1], words[2]);
                    case "lost" -> addLoss(tally, Long.parseLong(words[1]), Long.parseLong(words[2]), events);
                    case "disorder" -> addDisorder(tally, Long.parseLong(words[1]), events);
                    case "skipped" -> tally.skipped(Long.parseLong(words[1]), words[2]);
                    case "early" -> tally.endsEarly(words[1]);
                    default -> {
                        // A newer writer's.
                    }
                }
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException wrong) {
                throw new BadInput(
                        place, "expected a fact, found '" + BadInput.show(line, 60) + "'; convert the recording again");
            }
        }
        return new Coverage(scope, hasCpus, hasProcesses, clock, recorded, isCertain);
    }

    private static void addLoss(Tally tally, long lost, long reports, long events) {
        // Each report is an event as well; text formats may report one without.
        if (reports < 0 || reports > events + 1) {
            throw new IllegalArgumentException();
        }
        for (long i = 0; i < reports; i++) {
            tally.lost(i == 0 ? lost : -1);
        }
    }

    private static void addDisorder(Tally tally, long count, long events) {
        if (count < 0 || count > events) {
            throw new IllegalArgumentException();
        }
        for (long i = 0; i < count; i++) {
            tally.countOutOfOrder();
        }
    }

    private static void line(StringBuilder text, String... words) {
        for (int i = 0; i < words.length; i++) {
            String word = words[i].replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n");
            text.append(i == 0 ? "" : "\t").append(word);
        }
        text.append('\n');
    }

    private static String[] words(String line) {
        String[] words = line.split("\t", -1);
        for (int i = 0; i < words.length; i++) {
            words[i] = unescape(words[i]);
        }
        return words;
    }

    private static String unescape(String word) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c == '\\' && i + 1 < word.length()) {
                char escaped = word.charAt(++i);
                text.append(escaped == 't' ? '\t' : escaped == 'n' ? '\n' : escaped);
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
