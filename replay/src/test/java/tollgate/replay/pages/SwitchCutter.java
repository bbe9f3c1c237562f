package tollgate.replay.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tollgate.replay.Cause;

/**
 * Cuts context switches out of the events that they lie in. A stream marks only the stack switch; what surrounds it
 * belongs to the switch as far as the code runs on pages that the profile names for context_switch: back to
 * before {@code __schedule}, on to after {@code finish_task_switch}, give or take a caller on the same page.
 */
final class SwitchCutter {
    private final Set<Long> code = new HashSet<>();

    SwitchCutter(Path profile) throws IOException {
        for (String line : Files.readAllLines(profile)) {
            String[] cells = line.split(",");
            if (cells[0].startsWith("6.1.")
                    && cells[1].equals("off")
                    && cells[2].equals("context_switch")
                    && cells[4].equals("text")) {
                code.add(Long.parseLong(cells[5], 16) | -1L << 48);
            }
        }
    }

    List<Invocation> switches(Source source) {
        List<Invocation> found = new ArrayList<>();
        for (Invocation invocation : source.invocations) {
            for (int part = 0; part + 1 < invocation.partCount; part++) {
                Invocation cut = around(source, invocation, part);
                if (cut.parts[0] > 0 && cut.size > cut.parts[0]) {
                    found.add(cut);
                }
            }
        }
        return found;
    }

    private Invocation around(Source source, Invocation in, int part) {
        int at = in.parts[part];
        int from = at;
        int start = part == 0 ? 0 : in.parts[part - 1];
        while (from > start && inSwitch(source, in.accesses[from - 1])) {
            from--;
        }
        int to = at;
        while (to < in.parts[part + 1] && inSwitch(source, in.accesses[to])) {
            to++;
        }
        Invocation cut = new Invocation(Cause.CONTEXT_SWITCH, in.task, in.mm, false);
        for (int i = from; i < to; i++) {
            if (i == at) {
                cut.endPart();
            }
            cut.add(in.accesses[i]);
        }
        if (to == at) {
            cut.endPart();
        }
        cut.endPart();
        cut.instructions = to - from;
        return cut;
    }

    private boolean inSwitch(Source source, int access) {
        long page = source.stream.pages[access >>> 2];
        return (access & 3) != 0 || code.contains(page);
    }
}
