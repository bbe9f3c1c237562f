package tollgate.ingest.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The bytes of perf.data from the oldest record on that is still to be delivered: in blocks that are read as the scan
 * comes to them, and used again when all records in them are delivered.
 *
 * <p>A block begins at a record and is read with one call, which costs a tenth of what touching the same pages of a mapped
 * file does (10 against 80 ns for a record of 110 bytes, on a virtual machine, where each page first touched is a fault that
 * the hypervisor sees), and a block just read is still in the second-level cache when its records are sorted. Where more is
 * to be held than {@link #HELD} blocks, as when perf wrote no rounds, the file is mapped from there on: that needs no memory.
 */
final class PerfDataBlocks {
    /** Bytes of a block: four times the longest record, a quarter of a second-level cache. */
    private static final int READ = 1 << 18;
    /** Blocks read into memory at most: 32 MiB, which is two rounds over 32 CPUs with the buffers that perf makes. */
    private static final int HELD = 128;
    /** Bytes of a block that is mapped. */
    private static final int MAPPED = 1 << 28;

    private final Deque<ByteBuffer> free = new ArrayDeque<>();
    private int held;

    /** A stretch of a file. Whoever still needs its bytes has a hold on it. */
    static final class Block {
        /** Little-endian, for reading; index 0 is {@link #start} of the file. */
        final ByteBuffer bytes;

        final int file;
        final long start;
        private final ByteBuffer memory;
        private int holds = 1;

        private Block(ByteBuffer bytes, int file, long start, ByteBuffer memory) {
            this.bytes = bytes;
            this.file = file;
            this.start = start;
            this.memory = memory;
        }

        void hold() {
            holds++;
        }
    }

    /**
     * The block that begins at {@code start}, with as many bytes as it has room for and the file has before {@code end}.
     * Its caller has the first hold on it.
     */
    Block open(FileChannel channel, int file, long start, long end) throws IOException {
        if (free.isEmpty() && held == HELD) {
            ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, start, Math.min(end - start, MAPPED));
            return new Block(mapped.order(ByteOrder.LITTLE_ENDIAN), file, start, null);
        }
        if (free.isEmpty()) {
            free.push(ByteBuffer.allocate(READ));
            held++;
        }
        ByteBuffer memory = free.pop();
        memory.clear().limit((int) Math.min(end - start, READ));
        while (memory.hasRemaining() && channel.read(memory, start + memory.position()) > 0) {
            continue;
        }
        memory.flip();
        // Read-only, so that it is of the same class as what is mapped, and each look at it one that the compiler can
        // inline.
        return new Block(memory.order(ByteOrder.LITTLE_ENDIAN), file, start, memory);
    }

    /** Gives up one hold; with the last, the memory is used for another block. */
    void release(Block block) {
        block.holds--;
        if (block.holds == 0 && block.memory != null) {
            free.push(block.memory);
        }
    }
}
