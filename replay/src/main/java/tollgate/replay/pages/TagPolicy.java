package tollgate.replay.pages;

import java.util.List;
import tollgate.replay.Access;
import tollgate.replay.Region;
import tollgate.replay.mmu.Geometry;
import tollgate.replay.mmu.Mmu;

/**
 * A TLB under one policy of tags and flushes, driven by a page-access trace, counting what misses: enough to
 * weigh a drawn stream against the one it stands for. The policies are those of the measured expectations
 * (trace_tlb_expected.csv); walks read no page tables here.
 */
final class TagPolicy implements PageTrace.Sink {
    /** Who shares entries with whom, and what is flushed when. */
    enum Kind {
        /** Kernel pages global, user pages tagged: the baseline. */
        BASELINE,
        /** Entry text and cpu_entry_area global, all else tagged by address space and mode. */
        KPTI_PCID,
        /** The same global; every entry, exit and switch drops the rest. */
        KPTI_NO_PCID
    }

    private static final int DATA = 1 << Access.LOAD | 1 << Access.STORE;
    private static final int SMALL = 1 << Mmu.SIZE_4K;
    private static final int LARGE = 1 << Mmu.SIZE_2M;

    /** L1I 128 entries of 8 ways and 8 of 2 MiB, L1D 64 and 32 of 4 ways, second level 1536 of 12 ways: as the expectations. */
    private static final Geometry GEOMETRY = new Geometry(
            "reference",
            4,
            4,
            List.of(
                    array(1 << Access.FETCH, SMALL, 128, 8),
                    array(1 << Access.FETCH, LARGE, 8, 8),
                    array(DATA, SMALL, 64, 4),
                    array(DATA, LARGE, 32, 4)),
            List.of(array(1 << Access.FETCH | DATA, SMALL | LARGE, 1536, 12)),
            List.of(),
            List.of());

    private static final long ENTRY_TEXT = 0xffff_ffff_fff8_1c00L;

    private final Kind kind;
    private final boolean isSmallPages;
    private final Mmu mmu = new Mmu(GEOMETRY);
    private boolean isKernel;
    private int space = PageTrace.FIRST_ADDRESS_SPACE;
    private long entries;
    private long stlbHits;
    private long walks;

    TagPolicy(Kind kind, boolean isSmallPages) {
        this.kind = kind;
        this.isSmallPages = isSmallPages;
    }

    Kind kind() {
        return kind;
    }

    boolean isSmallPages() {
        return isSmallPages;
    }

    long entries() {
        return entries;
    }

    long stlbHits() {
        return stlbHits;
    }

    long walks() {
        return walks;
    }

    @Override
    public void access(long page, int type) {
        Region region = Region.ofPage(page);
        int tag = switch (kind) {
            case BASELINE -> space;
            case KPTI_PCID -> space << 1 | (isKernel ? 1 : 0);
            case KPTI_NO_PCID -> 0;
        };
        int outcome = mmu.access(page, isSmallPages ? 0 : region.leaf(), tag, isGlobal(page, region), type);
        if (outcome >= Mmu.WALK) {
            walks++;
        } else if (outcome == Mmu.STLB_HIT) {
            stlbHits++;
        }
    }

    @Override
    public void event(int code, long instructions, long loads, long stores, long argument) {
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
                if (kind == Kind.KPTI_NO_PCID) {
                    mmu.flushNonGlobal();
                } else if (argument == PageTrace.CR3_FLUSH) {
                    mmu.flushTag(kind == Kind.BASELINE ? space : space << 1);
                    if (kind == Kind.KPTI_PCID) {
                        mmu.flushTag(space << 1 | 1);
                    }
                }
            }
            case PageTrace.ADDRESS_SPACE -> space = (int) argument;
            default -> {}
        }
    }

    private void cross() {
        if (kind == Kind.KPTI_NO_PCID) {
            mmu.flushNonGlobal();
        }
    }

    private boolean isGlobal(long page, Region region) {
        return kind == Kind.BASELINE
                ? page < 0
                : page == ENTRY_TEXT || page == ENTRY_TEXT + 1 || region == Region.ENTRY_AREA;
    }

    private static Geometry.Array array(int types, int sizes, int entries, int ways) {
        return new Geometry.Array(
                types, sizes, entries, ways, Geometry.Index.LINEAR, false, "README of the streams", "verified");
    }
}
