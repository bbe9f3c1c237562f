package tollgate.replay.mmu;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tollgate.replay.Access;
import tollgate.replay.Region;
import tollgate.replay.pages.PageTrace;

/**
 * The simple TLB model that the expected counts of the page-access traces were made with: one policy for
 * tags and flushes, driven by one trace, started empty, in user mode, in address space 1. What it counts
 * are the columns of the expectation files.
 *
 * <p>The kernel is entered by the first syscall or exception event in user mode and left by the next return to it.
 * "Shared" pages are those that KPTI maps in both halves: entry text and cpu_entry_area.
 */
public final class ReferenceModel implements PageTrace.Sink {
    /** Who shares entries with whom, and what is flushed when. */
    enum Policy {
        /** Kernel pages global; a switch of address space and a flush drop the rest. */
        PTI_OFF_NOPCID,
        /** Kernel pages global, user pages tagged; a flush drops those of its address space. */
        PTI_OFF_PCID,
        /** Shared pages global, all else tagged by address space and mode; a flush drops both tags. */
        PTI_ON_PCID,
        /** Shared pages global; every entry, exit, switch and flush drops the rest. */
        PTI_ON_NOPCID,
        /** Every entry, exit and flush drops everything. */
        FULL_FLUSH_ENTRY_EXIT
    }

    /** First and last page of the entry text of a kernel build. */
    record EntryText(long first, long last) {
        /** Debian 6.1.0-56-amd64 without KASLR. */
        static final EntryText LINUX_6_1 = new EntryText(kernelPage(0xffffffff81c00L), kernelPage(0xffffffff81c01L));
        /** Debian 6.12.117 without KASLR. */
        static final EntryText LINUX_6_12 = new EntryText(kernelPage(0xffffffff81e00L), kernelPage(0xffffffff81e02L));

        /** That of the kernel that a stream was recorded on: {@code k612_} stands for 6.12, no prefix for 6.1. */
        static EntryText of(String stream) {
            return stream.startsWith("k612_") ? LINUX_6_12 : LINUX_6_1;
        }

        private static long kernelPage(long number) {
            return number | -1L << 52;
        }
    }

    /**
     * First level: instructions 128 of 8 ways for 4 KiB, 8 for 2 MiB; data 64 and 32 of 4 ways. Second level:
     * 1536 of 12 ways for both. Linear index. No paging-structure caches.
     */
    static final Geometry GEOMETRY = new Geometry(
            "reference",
            4,
            4,
            List.of(
                    array(1 << Access.FETCH, 1 << Mmu.SIZE_4K, 128, 8),
                    array(1 << Access.FETCH, 1 << Mmu.SIZE_2M, 8, 8),
                    array(1 << Access.LOAD | 1 << Access.STORE, 1 << Mmu.SIZE_4K, 64, 4),
                    array(1 << Access.LOAD | 1 << Access.STORE, 1 << Mmu.SIZE_2M, 32, 4)),
            List.of(array(
                    1 << Access.FETCH | 1 << Access.LOAD | 1 << Access.STORE,
                    1 << Mmu.SIZE_4K | 1 << Mmu.SIZE_2M,
                    1536,
                    12)),
            List.of(),
            List.of());

    /** The counts it makes, as the expectation files name their columns. */
    static final Set<String> CELLS = Set.of(
            "insns",
            "user_insns",
            "kernel_entries",
            "mm_switches",
            "cr3_writes",
            "l1i_misses",
            "l1d_misses",
            "walks_ifetch",
            "walks_data",
            "walks_user",
            "walks_kernel",
            "flushes");

    /** Suffix of a policy's name where all pages are 4 KiB. */
    public static final String SMALL_PAGES = "_4k";

    private final String name;
    private final Policy policy;
    private final boolean isSmallPages;
    private final EntryText entryText;
    private final Translator mmu;

    private boolean isKernel;
    private int addressSpace = PageTrace.FIRST_ADDRESS_SPACE;

    private long instructions;
    private long userInstructions;
    private long entries;
    private long switches;
    private long cr3Writes;
    private long flushes;
    // A user walk is one for a user page in user mode: the fetch of an entry stub comes before the entry.
    private long userWalks;
    private long kernelWalks;
    // By kind: instructions, data.
    private final long[] misses = new long[2];
    private final long[] walks = new long[2];

    /**
     * On an MMU of its own.
     *
     * @param policy name as the expectation files spell it: {@code pti_on_pcid_4k}
     * @param stream name of the trace that drives it, which tells the kernel
     */
    public static ReferenceModel of(String policy, String stream) {
        return new ReferenceModel(policy, EntryText.of(stream), new Mmu(GEOMETRY));
    }

    ReferenceModel(String policy, EntryText entryText, Translator mmu) {
        this.name = policy;
        this.isSmallPages = policy.endsWith(SMALL_PAGES);
        this.policy = Policy.valueOf(constant(policy));
        this.entryText = entryText;
        this.mmu = mmu;
    }

    /** Whether a policy of this name exists. */
    static boolean isPolicy(String name) {
        return Arrays.stream(Policy.values()).anyMatch(policy -> policy.name().equals(constant(name)));
    }

    String name() {
        return name;
    }

    @Override
    public void access(long page, int type) {
        int size = isSmallPages ? Mmu.SIZE_4K : Region.ofPage(page).leaf();
        int outcome = mmu.access(page, size, tag(), isGlobal(page), type);
        if (outcome == Mmu.L1_HIT) {
            return;
        }
        int kind = type == Access.FETCH ? 0 : 1;
        misses[kind]++;
        if (outcome >= Mmu.WALK) {
            walks[kind]++;
            if (isKernel || page < 0) {
                kernelWalks++;
            } else {
                userWalks++;
            }
        }
    }

    @Override
    public void event(int code, long instructions, long loads, long stores, long argument) {
        this.instructions += instructions;
        if (!isKernel) {
            userInstructions += instructions;
        }
        switch (code) {
            case PageTrace.SYSCALL_ENTRY, PageTrace.EXCEPTION_ENTRY -> {
                if (!isKernel) {
                    isKernel = true;
                    entries++;
                    cross();
                }
            }
            case PageTrace.USER_RETURN -> {
                if (isKernel) {
                    isKernel = false;
                    cross();
                }
            }
            case PageTrace.CR3_WRITE -> {
                cr3Writes++;
                if (argument == PageTrace.CR3_OTHER_MM) {
                    switches++;
                    switchAddressSpace();
                } else if (argument == PageTrace.CR3_FLUSH) {
                    flush();
                }
            }
            case PageTrace.ADDRESS_SPACE -> addressSpace = (int) argument;
            default -> {}
        }
    }

    /** Look-ups that missed the first level and hit the second. */
    public long secondLevelHits() {
        return misses[0] + misses[1] - walks();
    }

    public long walks() {
        return walks[0] + walks[1];
    }

    /** Entries into the kernel. */
    public long entries() {
        return entries;
    }

    /** What was counted, by one of the names of {@link #CELLS}. */
    long cell(String column) {
        return switch (column) {
            case "insns" -> instructions;
            case "user_insns" -> userInstructions;
            case "kernel_entries" -> entries;
            case "mm_switches" -> switches;
            case "cr3_writes" -> cr3Writes;
            case "l1i_misses" -> misses[0];
            case "l1d_misses" -> misses[1];
            case "walks_ifetch" -> walks[0];
            case "walks_data" -> walks[1];
            case "walks_user" -> userWalks;
            case "walks_kernel" -> kernelWalks;
            case "flushes" -> flushes;
            default -> throw new IllegalArgumentException("no such count: " + column);
        };
    }

    private static String constant(String policy) {
        String base =
                policy.endsWith(SMALL_PAGES) ? policy.substring(0, policy.length() - SMALL_PAGES.length()) : policy;
        return base.toUpperCase(Locale.ROOT);
    }

    private int tag() {
        return switch (policy) {
            case PTI_OFF_PCID -> addressSpace;
            case PTI_ON_PCID -> halfOf(isKernel);
            default -> 0;
        };
    }

    private int halfOf(boolean isKernel) {
        return addressSpace << 1 | (isKernel ? 1 : 0);
    }

    private boolean isGlobal(long page) {
        return switch (policy) {
            case PTI_OFF_NOPCID, PTI_OFF_PCID -> page < 0;
            case PTI_ON_PCID, PTI_ON_NOPCID -> isShared(page);
            case FULL_FLUSH_ENTRY_EXIT -> false;
        };
    }

    private boolean isShared(long page) {
        return page < 0
                && (page >= entryText.first && page <= entryText.last || Region.ofPage(page) == Region.ENTRY_AREA);
    }

    private void cross() {
        if (policy == Policy.PTI_ON_NOPCID) {
            flushNonGlobal();
        } else if (policy == Policy.FULL_FLUSH_ENTRY_EXIT) {
            flushAll();
        }
    }

    private void switchAddressSpace() {
        if (policy == Policy.PTI_OFF_NOPCID || policy == Policy.PTI_ON_NOPCID) {
            flushNonGlobal();
        }
    }

    private void flush() {
        switch (policy) {
            case PTI_OFF_NOPCID, PTI_ON_NOPCID -> flushNonGlobal();
            case PTI_OFF_PCID -> flushTag(addressSpace);
            case PTI_ON_PCID -> {
                flushTag(halfOf(false));
                flushTag(halfOf(true));
            }
            case FULL_FLUSH_ENTRY_EXIT -> flushAll();
        }
    }

    private void flushTag(int tag) {
        flushes++;
        mmu.flushTag(tag);
    }

    private void flushNonGlobal() {
        flushes++;
        mmu.flushNonGlobal();
    }

    private void flushAll() {
        flushes++;
        mmu.flushAll();
    }

    private static Geometry.Array array(int types, int sizes, int entries, int ways) {
        return new Geometry.Array(
                types, sizes, entries, ways, Geometry.Index.LINEAR, false, "README of the traces", "verified");
    }
}
