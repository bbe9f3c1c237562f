package tollgate.ingest;

/**
 * Some thousand events as columns of primitives: the transport through the house.
 *
 * <p>Readers append, the timeline takes apart. Batches of one recording arrive in time order, and so
 * do the events inside a batch; where a batch ends carries no meaning.
 *
 * <pre>
 *   time  nanoseconds (or raw ticks, see {@link Coverage#clock}), never running back within a CPU
 *   cpu   0.., -1 not told            comm  id in {@link Names}, -1 not told
 *   tid   thread, -1 not told         kind  ordinal of {@link Kind}
 *   pid   process, -1 not told        code, a, b   by kind
 * </pre>
 */
public final class Batch {
    /** 4096 events of 49 bytes are 200 KB: it stays in a second-level cache, and a million events need 245 of them. */
    public static final int CAPACITY = 4096;

    public final long[] time = new long[CAPACITY];
    public final int[] cpu = new int[CAPACITY];
    public final int[] tid = new int[CAPACITY];
    public final int[] pid = new int[CAPACITY];
    public final int[] comm = new int[CAPACITY];
    public final byte[] kind = new byte[CAPACITY];
    public final int[] code = new int[CAPACITY];
    public final long[] a = new long[CAPACITY];
    public final long[] b = new long[CAPACITY];

    private int size;

    public int size() {
        return size;
    }

    public boolean isFull() {
        return size == CAPACITY;
    }

    public void clear() {
        size = 0;
    }

    public Kind kind(int index) {
        return Kind.of(kind[index]);
    }

    /** Appends one event. The caller has made sure that the batch is not full. */
    public void append(long time, int cpu, int tid, int pid, int comm, Kind kind, int code, long a, long b) {
        int i = size;
        this.time[i] = time;
        this.cpu[i] = cpu;
        this.tid[i] = tid;
        this.pid[i] = pid;
        this.comm[i] = comm;
        this.kind[i] = (byte) kind.ordinal();
        this.code[i] = code;
        this.a[i] = a;
        this.b[i] = b;
        size = i + 1;
    }

    /** Makes room for {@code count} more events, for which there is room; the caller fills all columns. @return the first of them */
    public int extend(int count) {
        int first = size;
        size = first + count;
        return first;
    }

    /** Appends event {@code index} of another batch. The caller has made sure that this batch is not full. */
    public void append(Batch other, int index) {
        append(
                other.time[index],
                other.cpu[index],
                other.tid[index],
                other.pid[index],
                other.comm[index],
                other.kind(index),
                other.code[index],
                other.a[index],
                other.b[index]);
    }

    /** Appends {@code count} events of whole columns, from {@code index} on. The caller has made sure that there is room. */
    public void append(
            long[] time,
            int[] cpu,
            int[] tid,
            int[] pid,
            int[] comm,
            byte[] kind,
            int[] code,
            long[] a,
            long[] b,
            int index,
            int count) {
        System.arraycopy(time, index, this.time, size, count);
        System.arraycopy(cpu, index, this.cpu, size, count);
        System.arraycopy(tid, index, this.tid, size, count);
        System.arraycopy(pid, index, this.pid, size, count);
        System.arraycopy(comm, index, this.comm, size, count);
        System.arraycopy(kind, index, this.kind, size, count);
        System.arraycopy(code, index, this.code, size, count);
        System.arraycopy(a, index, this.a, size, count);
        System.arraycopy(b, index, this.b, size, count);
        size += count;
    }

    /** Makes this batch the same as another. */
    public void copy(Batch other) {
        size = 0;
        append(
                other.time,
                other.cpu,
                other.tid,
                other.pid,
                other.comm,
                other.kind,
                other.code,
                other.a,
                other.b,
                0,
                other.size);
    }
}
