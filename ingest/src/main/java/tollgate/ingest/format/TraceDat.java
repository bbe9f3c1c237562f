package tollgate.ingest.format;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.util.Arrays;
import tollgate.ingest.BadInput;
import tollgate.ingest.Format;
import tollgate.ingest.Input;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;
import tollgate.ingest.Tally;

/**
 * trace.dat, versions 6 and 7, as {@code trace-cmd record} writes it: the kernel's own ring-buffer pages with what is
 * needed to read them. Read without trace-cmd.
 *
 * <p>No option of the file tells whose events were asked for (trace-cmd record -P, -F or all), so the scope of its coverage is
 * not known.
 *
 * <p>Left out: latency traces (text), the correction of a guest's clock to its host's, stacks and printk texts.
 */
@AutoService(Format.class)
public final class TraceDat implements Format {
    static final byte[] MAGIC = {0x17, 0x08, 0x44, 't', 'r', 'a', 'c', 'i', 'n', 'g'};

    @Override
    public String name() {
        return "trace-dat";
    }

    @Override
    public String description() {
        return "trace-cmd record -e raw_syscalls ... -o FILE: binary, versions 6 and 7";
    }

    @Override
    public int confidence(Input input) throws IOException {
        byte[] head = input.head();
        return head.length > MAGIC.length && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length) ? CERTAIN : 0;
    }

    @Override
    public Recording open(Input input) throws IOException {
        if (confidence(input) == 0) {
            throw new BadInput(
                    input.name() + ": byte 0",
                    "expected the magic 17 08 44 'tracing', found something else; not a trace.dat");
        }
        Tally tally = new Tally();
        Names names = new Names();
        BinaryThreads threads = new BinaryThreads();
        TraceDatFile file = new TraceDatFile(input.name(), input.channel(), tally, names, threads);
        return new TraceDatRecording(
                input.name(),
                file,
                new Mapped(input.channel()),
                tally,
                new Damages(input.damage(), tally),
                names,
                threads);
    }
}
