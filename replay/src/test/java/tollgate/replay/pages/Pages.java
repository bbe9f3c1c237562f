package tollgate.replay.pages;

import tollgate.replay.Region;

/**
 * What a page number of the measured kernel (6.1.0-56-amd64, nokaslr, 4 levels) is, where the address
 * alone tells. Boundaries of the image from static_page_profile.csv.
 */
final class Pages {
    /** Pages of the first per-CPU chunk; the profile's highest is 0x3d after the first. */
    static final int PERCPU_PAGES = 64;

    static final long PERCPU = 0xffff_fff8_8801_d600L;
    private static final long ENTRY_TEXT = 0xffff_ffff_fff8_1c00L;

    private Pages() {}

    static boolean isEntryText(long page) {
        return page == ENTRY_TEXT || page == ENTRY_TEXT + 1;
    }

    static PageClass classOf(long page) {
        return switch (Region.ofPage(page)) {
            case USER -> PageClass.USER;
            case IMAGE -> image(page);
            case DIRECT -> page >= PERCPU && page < PERCPU + PERCPU_PAGES ? PageClass.PERCPU : PageClass.DIRECTMAP;
            case VMALLOC -> PageClass.VMALLOC;
            case VMEMMAP -> PageClass.VMEMMAP;
            case MODULES -> PageClass.MODULE;
            case ENTRY_AREA -> PageClass.CPU_ENTRY_AREA;
            case FIXMAP -> PageClass.FIXMAP;
        };
    }

    private static PageClass image(long page) {
        if (isEntryText(page)) {
            return PageClass.ENTRY_TEXT;
        }
        long offset = page & 0x1_ffff; // pages from ffffffff80000
        return offset < 0x2000 ? PageClass.TEXT : offset < 0x2a00 ? PageClass.RODATA : PageClass.DATA_BSS;
    }
}
