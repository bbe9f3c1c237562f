package tollgate.ingest.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The bytes of perf.data from the oldest record on that is still to be delivered: in blocks that are read as the scan
 * comes to them, and whose memory is used again when all records in them are delivered.
 *
 * <p>A block begins at a record and is read with one call, which costs a tenth of what touching the same pages of a mapped
 * file does (10 against 80 ns for a record of 110 bytes, on a virtual machine, where each page first touched is a fault that
 * the hypervisor sees), and a block just read is still in the second-level cache when its records are sorted. Where more is
 * held than {@link #MOST} blocks, as when perf wrote no rounds, the one not looked at for longest gives its memory away and
 * is read again when its turn comes: once, unless more CPUs than that take turns.
 */
final class PerfDataBlocks {
    /** Bytes of a block, a quarter of a second-level cache; of 64 KiB to 2 MiB the kernel copies these at the least price. */
    private static final int SIZE = 1 << 18;
    /** Blocks in memory: 32 MiB, which is two rounds over 32 CPUs with the buffers that perf makes. */
    private static final int MOST = 128;

    private final FileChannel[] files;
    private final int size;
    private final int most;
    private final List<Block> resident = new ArrayList<>();
    private final Deque<byte[]> free = new ArrayDeque<>();
    private long looks;

    /** @param files that {@link Block#file} counts */
    PerfDataBlocks(FileChannel[] files) {
        this(files, SIZE, MOST);
    }

    /** @param size bytes of a block, at least those of the longest record; @param most blocks in memory, at least one */
    PerfDataBlocks(FileChannel[] files, int size, int most) {
        this.files = files;
        this.size = size;
        this.most = most;
    }

    /** A stretch of a file. Whoever still needs it has a hold on it. */
    static final class Block {
        final int file;
        final long start;
        /** Bytes of the file that are in it. */
        final int length;

        private byte[] bytes;
        private int holds = 1;
        private long lookedAt;

        private Block(int file, long start, int length) {
            this.file = file;
            this.start = start;
            this.length = length;
        }

        void hold() {
            holds++;
        }
    }

    /**
     * The block that begins at {@code start}, with as many bytes as it has room for and the file has before {@code end}.
     * Its caller has the first hold on it.
     */
    Block open(int file, long start, long end) throws IOException {
        long length = Math.min(Math.min(end, files[file].size()) - start, size);
        return new Block(file, start, (int) Math.max(length, 0));
    }

    /** The bytes of a block, from index 0 on; theirs until as many others as are kept, less one, were looked at. */
    byte[] look(Block block) throws IOException {
        block.lookedAt = ++looks;
        if (block.bytes == null) {
            block.bytes = memory();
            resident.add(block);
            ByteBuffer to = ByteBuffer.wrap(block.bytes, 0, block.length);
            while (to.hasRemaining() && files[block.file].read(to, block.start + to.position()) > 0) {
                continue;
            }
            // Of a file that was cut meanwhile; not what stood here before.
            Arrays.fill(block.bytes, to.position(), block.length, (byte) 0);
        }
        return block.bytes;
    }

    /** Gives up one hold; with the last, the memory is used for another block. */
    void release(Block block) {
        block.holds--;
        if (block.holds == 0 && block.bytes != null) {
            resident.remove(block);
            takeMemory(block);
        }
    }

    private byte[] memory() {
        if (free.isEmpty() && resident.size() < most) {
            return new byte[size];
        }
        if (free.isEmpty()) {
            int oldest = 0;
            for (int i = 1; i < resident.size(); i++) {
                oldest = resident.get(i).lookedAt < resident.get(oldest).lookedAt ? i : oldest;
            }
            takeMemory(resident.remove(oldest));
        }
        return free.pop();
    }

    private void takeMemory(Block block) {
        free.push(block.bytes);
        block.bytes = null;
    }
}
