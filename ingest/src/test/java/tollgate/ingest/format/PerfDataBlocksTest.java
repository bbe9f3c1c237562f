package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocks hold what the file has, however many of them share the memory of a few. */
class PerfDataBlocksTest {
    private static final int SIZE = 64;
    private static final int MOST = 3;

    @TempDir
    Path folder;

    @Test
    void anyBlockHoldsItsPartOfTheFileInTheMemoryOfThree() throws IOException {
        Random random = new Random(1);
        byte[] content = new byte[20 * SIZE + 10];
        random.nextBytes(content);
        Path file = Files.write(folder.resolve("bytes"), content);
        try (FileChannel channel = FileChannel.open(file)) {
            PerfDataBlocks blocks = new PerfDataBlocks(new FileChannel[] {channel}, SIZE, MOST);
            List<PerfDataBlocks.Block> open = new ArrayList<>();
            for (int start = 0; start < content.length; start += SIZE) {
                open.add(blocks.open(0, start, content.length));
            }
            Set<byte[]> memory = Collections.newSetFromMap(new IdentityHashMap<>());
            for (int i = 0; i < 1000; i++) {
                PerfDataBlocks.Block block = open.get(random.nextInt(open.size()));
                byte[] bytes = blocks.look(block);
                memory.add(bytes);
                int from = (int) block.start;
                assertThat(Arrays.copyOf(bytes, block.length))
                        .isEqualTo(Arrays.copyOfRange(content, from, from + block.length));
            }
            assertThat(memory).hasSize(MOST);
            assertThat(open.get(20).length).isEqualTo(10);
        }
    }

    /** The one not looked at for longest makes room; the two others stay where they are. */
    @Test
    void twoOthersStayWhenAFourthComes() throws IOException {
        Path file = Files.write(folder.resolve("bytes"), new byte[4 * SIZE]);
        try (FileChannel channel = FileChannel.open(file)) {
            PerfDataBlocks blocks = new PerfDataBlocks(new FileChannel[] {channel}, SIZE, MOST);
            byte[][] first = new byte[3][];
            PerfDataBlocks.Block[] open = new PerfDataBlocks.Block[4];
            for (int i = 0; i < 4; i++) {
                open[i] = blocks.open(0, i * SIZE, 4 * SIZE);
            }
            for (int i = 0; i < 3; i++) {
                first[i] = blocks.look(open[i]);
            }
            blocks.look(open[0]);
            assertThat(blocks.look(open[3])).isSameAs(first[1]);
            assertThat(blocks.look(open[0])).isSameAs(first[0]);
            assertThat(blocks.look(open[2])).isSameAs(first[2]);
            // Given up, its memory is the next one's.
            blocks.release(open[0]);
            assertThat(blocks.look(open[1])).isSameAs(first[0]);
        }
    }
}
