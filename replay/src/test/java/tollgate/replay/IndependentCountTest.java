package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.ingest.Format;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Recording;
import tollgate.ingest.Selection;
import tollgate.ingest.Sidecar;
import tollgate.ingest.Stretch;

/** Counts made straight from a recording's text, line by line, must be those of the lanes. */
class IndependentCountTest {
    /** redis-server's main thread in the shipped recording, while it is asked. */
    private static final int REDIS = 10071;

    private static final long FROM = 1_280_755_000_000L; // ns, on the recording's clock
    private static final long TO = 1_280_765_000_000L;

    @TempDir
    Path folder;

    @Test
    void kptiWritesCr3TwiceForEachSyscallAndUserFaultOfRedis() throws IOException {
        long syscalls = 0;
        long returns = 0;
        long faults = 0;
        for (String line : Files.readAllLines(unpacked(), StandardCharsets.UTF_8)) {
            String[] words = line.trim().split("\\s+");
            if (words.length < 5 || !words[1].equals(String.valueOf(REDIS)) || !words[2].startsWith("[")) {
                continue;
            }
            long time = Math.round(Double.parseDouble(words[3].replace(":", "")) * 1e6) * 1000;
            if (time < FROM || time >= TO) {
                continue;
            }
            syscalls += words[4].equals("raw_syscalls:sys_enter:") ? 1 : 0;
            returns += words[4].equals("raw_syscalls:sys_exit:") ? 1 : 0;
            faults += words[4].equals("exceptions:page_fault_user:") ? 1 : 0;
        }
        assertThat(syscalls).as("the stretch is not empty").isGreaterThan(1000);

        Selection redis = new Selection(Set.of(), Set.of(), Set.of(REDIS), Set.of());
        Sidecar sidecar = Sidecar.NONE
                .withWorkload(redis)
                .withStretch(new Stretch(Stretch.Moment.stamp(FROM), Stretch.Moment.stamp(TO)));
        List<Lane> lanes = replay(unpacked(), sidecar, "baseline", "kpti");
        Ledger baseline = lanes.get(0).ledger();
        Ledger kpti = lanes.get(1).ledger();
        // A read with each write of KPTI's own. Writes at switches to another mm are the baseline's too. A call that is
        // open at an end of the stretch has one
        // half inside.
        long writes = writes(kpti, Cause.Family.SYSCALL) - writes(baseline, Cause.Family.SYSCALL);
        assertThat(writes).isEqualTo(syscalls + returns);
        long faultWrites = writes(kpti, Cause.Family.FAULT) - writes(baseline, Cause.Family.FAULT);
        assertThat(faultWrites).isEqualTo(2 * faults);
        assertThat(count(kpti, Cause.Family.SYSCALL, Operation.CR3_READ)).isEqualTo(syscalls + returns);
        assertThat(count(kpti, Cause.Family.FAULT, Operation.CR3_READ)).isEqualTo(2 * faults);
    }

    @Test
    void kvmAsiEntersAndLeavesWhereTheTextSaysSo() throws IOException {
        // A vCPU thread; n exits of which some go to the VMM. cpuid stays; io returns to user space.
        StringBuilder text = new StringBuilder();
        int entries = 0;
        int toUser = 0;
        long micros = 1_000_000;
        boolean isOut = true;
        for (int i = 0; i < 200; i++) {
            boolean leaves = i % 7 == 3 || i == 199;
            if (isOut) {
                line(text, micros += 5, "raw_syscalls:sys_enter: NR 16 (b, ae80, 0, 0, 0, 0)");
            }
            line(text, micros += 5, "kvm:kvm_entry: vcpu 0, rip 0xfff0");
            String reason = leaves ? "io" : "cpuid";
            line(
                    text,
                    micros += 5,
                    "kvm:kvm_exit: vcpu 0 reason " + reason
                            + " rip 0xfff0 info1 0x0000000000000000 info2 0x0000000000000000 intr_info 0x00000000 error_code 0x00000000");
            if (leaves) {
                line(text, micros += 5, "kvm:kvm_userspace_exit: reason KVM_EXIT_IO (2)");
                line(text, micros += 5, "raw_syscalls:sys_exit: NR 16 = 0");
            }
            isOut = leaves;
        }
        Path trace = Files.writeString(folder.resolve("kvm.perf.txt"), text);
        for (String line : Files.readAllLines(trace)) { // entered: at an entry, if not entered already
            if (line.contains("kvm_entry") && isOut) {
                entries++;
                isOut = false;
            } else if (line.contains("kvm_userspace_exit")) {
                toUser++;
                isOut = true;
            }
        }
        Lane lane = replay(trace, Sidecar.NONE, "kvm-asi").get(0);
        assertThat(entries).isEqualTo(29); // exits 3, 10, ... 199 = 3 + 28 x 7 leave; each next entry enters
        assertThat(lane.spacesEntered()).isEqualTo(entries);
        assertThat(lane.spacesLeft()).isEqualTo(toUser);
        assertThat(lane.ledger().count(Operation.CR3_WRITE_KEEP) + lane.ledger().count(Operation.CR3_WRITE_FLUSH))
                .as("one to enter, one to leave, none else but what the mm's first load cost")
                .isEqualTo(entries + toUser);
    }

    private static void line(StringBuilder text, long micros, String event) {
        text.append(String.format(
                java.util.Locale.ROOT,
                "       CPU 0/KVM  7001 [000] %6d.%06d: %s%n",
                micros / 1_000_000,
                micros % 1_000_000,
                event));
    }

    private List<Lane> replay(Path trace, Sidecar sidecar, String... strategies) throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(1);
        try (Input input = Input.of(trace)) {
            Format format = Formats.recognise(input);
            try (Recording recording = format.open(input)) {
                List<Lane> lanes = java.util.Arrays.stream(strategies)
                        .map(name -> new Lane(Strategies.parse(name), HandWorkedTraceTest.machine()))
                        .toList();
                Timeline timeline = new Timeline(recording.names(), sidecar, new FixedPages());
                new Replay(lanes, threads).run(recording, timeline, events -> {});
                return lanes;
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static long count(Ledger ledger, Cause.Family family, Operation operation) {
        long sum = 0;
        for (int row = 0; row < ledger.rows(); row++) {
            sum += Cause.family(ledger.cause(row)) == family ? ledger.count(row, operation) : 0;
        }
        return sum;
    }

    private static long writes(Ledger ledger, Cause.Family family) {
        return count(ledger, family, Operation.CR3_WRITE_KEEP) + count(ledger, family, Operation.CR3_WRITE_FLUSH);
    }

    private Path unpacked() throws IOException {
        Path text = folder.resolve("redis.perf.txt");
        if (!Files.exists(text)) {
            Path root = Path.of("").toAbsolutePath();
            while (!Files.isDirectory(root.resolve("traces"))) {
                root = root.getParent();
            }
            try (ZstdInputStream in =
                    new ZstdInputStream(Files.newInputStream(root.resolve("traces/redis.perf.txt.zst")))) {
                Files.copy(in, text);
            }
        }
        return text;
    }
}
