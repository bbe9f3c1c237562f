package tollgate.cli;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar on standard error while it is a terminal; silent otherwise. One tick a trace, events as its message. */
final class Progress implements AutoCloseable {
    private static final long EVENTS_PER_MESSAGE = 1 << 18;

    private ProgressBar bar;
    private String name = "";
    private long said;

    Progress(int traces) {
        if (Boolean.getBoolean("tollgate.terminal")) {
            bar = new ProgressBarBuilder()
                    .setTaskName("tollgate")
                    .setInitialMax(traces + 1L)
                    .setStyle(ProgressBarStyle.ASCII)
                    .build();
        }
    }

    boolean isShown() {
        return bar != null;
    }

    void start(String next) {
        if (bar != null) {
            if (!name.isEmpty()) {
                bar.step();
            }
            name = next;
            said = 0;
            bar.setExtraMessage(next);
        }
    }

    void events(long read) {
        if (bar != null && read - said >= EVENTS_PER_MESSAGE) {
            said = read;
            bar.setExtraMessage(name + ", " + read / 1_000_000.0 + " M events");
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
