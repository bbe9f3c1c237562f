package tollgate.replay.mmu;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tollgate.ingest.Input;
import tollgate.replay.pages.PageTrace;

/**
 * Look-ups per second of one core, on a million accesses of a measured stream (two processes that pass a
 * byte through pipes) with its switches, kernel entries and flushes.
 *
 * <p>To run, in the top folder:
 *
 * <pre>
 * mvn -q -pl replay -am test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
 * java -cp replay/target/test-classes:replay/target/classes:$(cat replay/target/classpath) \
 *     org.openjdk.jmh.Main MmuBenchmark -prof gc
 * </pre>
 *
 * The score is in millions of look-ups per second; {@code gc.alloc.rate.norm} must round to 0 B/op.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MmuBenchmark {
    private static final int ACCESSES = 1 << 20;

    private static final int SIZE_SHIFT = 45;
    private static final int TYPE_SHIFT = 47;
    private static final int GLOBAL_SHIFT = 49;
    private static final int TAG_SHIFT = 50;
    private static final long FLUSH_TAG = 1L << 63;
    private static final long FLUSH_NON_GLOBAL = 1L << 62;

    /** {@code reference}: 1536 entries below 64 + 128, no paging-structure caches. */
    @Param({"reference", "skylake-sp", "ice-lake-sp", "zen4"})
    public String cpu;

    /** Without PCID every entry flushes all but the shared pages: the dearest stream of walks. */
    @Param({"pti_off_pcid", "pti_on_pcid", "pti_on_nopcid"})
    public String policy;

    private long[] words;
    private Mmu mmu;

    @Setup(Level.Trial)
    public void load() throws IOException {
        Recorder recorder = new Recorder();
        try (Input input = GroundTruthTest.open(GroundTruthTest.shipped(), "micro_pipe_pingpong.pti_on")) {
            PageTrace.read(input, new ReferenceModel(policy, ReferenceModel.EntryText.LINUX_6_1, recorder));
        }
        words = Arrays.copyOf(recorder.words, recorder.size);
        mmu = new Mmu(cpu.equals("reference") ? ReferenceModel.GEOMETRY : GeometryFile.of(cpu));
    }

    @Benchmark
    @OperationsPerInvocation(ACCESSES)
    public int lookUps() {
        int walks = 0;
        for (long word : words) {
            int tag = (int) (word >>> TAG_SHIFT) & 0xfff;
            if ((word & FLUSH_TAG) != 0) {
                mmu.flushTag(tag);
            } else if ((word & FLUSH_NON_GLOBAL) != 0) {
                mmu.flushNonGlobal();
            } else {
                long page = word << 64 - SIZE_SHIFT >> 64 - SIZE_SHIFT;
                int size = (int) (word >>> SIZE_SHIFT) & 3;
                int type = (int) (word >>> TYPE_SHIFT) & 3;
                boolean isGlobal = (word >>> GLOBAL_SHIFT & 1) != 0;
                walks += mmu.access(page, size, tag, isGlobal, type) >>> 1;
            }
        }
        return walks;
    }

    /** Keeps what a reference model asks of its MMU. */
    private static final class Recorder implements Translator {
        private final long[] words = new long[2 * ACCESSES];
        private int size;
        private int accesses;

        @Override
        public int access(long page, int size, int tag, boolean isGlobal, int type) {
            if (accesses++ < ACCESSES) {
                keep(page & (1L << SIZE_SHIFT) - 1
                        | (long) size << SIZE_SHIFT
                        | (long) type << TYPE_SHIFT
                        | (isGlobal ? 1L : 0L) << GLOBAL_SHIFT
                        | (long) tag << TAG_SHIFT);
            }
            return Mmu.L1_HIT;
        }

        @Override
        public void flushTag(int tag) {
            keep(FLUSH_TAG | (long) tag << TAG_SHIFT);
        }

        @Override
        public void flushNonGlobal() {
            keep(FLUSH_NON_GLOBAL);
        }

        @Override
        public void flushAll() {
            throw new IllegalStateException("no policy here flushes all");
        }

        private void keep(long word) {
            if (accesses <= ACCESSES) {
                words[size++] = word;
            }
        }
    }
}
