package tollgate.replay;

/**
 * Where in the x86-64 virtual address space of Linux a page lies, which decides the size of its leaf
 * entry (Documentation/arch/x86/x86_64/mm.rst; 4-level layout without KASLR, and with it for all but the
 * boundary between direct map, vmalloc and vmemmap).
 */
public enum Region {
    /** User half. 4 KiB unless swept. */
    USER(0),
    /** Kernel image: text, read-only data, data, bss; and entry text. 2 MiB. */
    IMAGE(1),
    /** Direct map of all memory, with the per-CPU first chunk. 2 MiB, 1 GiB on large machines. */
    DIRECT(1),
    /** vmalloc space: stacks, ioremap. 4 KiB. */
    VMALLOC(0),
    /** Array of struct page. 2 MiB. */
    VMEMMAP(1),
    /** Module space. 4 KiB. */
    MODULES(0),
    /** cpu_entry_area. 4 KiB. */
    ENTRY_AREA(0),
    /** Fixmap (local APIC page) and all else. 4 KiB. */
    FIXMAP(0);

    private static final Region[] ALL = values();

    private final int leaf;

    Region(int leaf) {
        this.leaf = leaf;
    }

    /** Size of a leaf as mainline maps it: 0 for 4 KiB, 1 for 2 MiB, 2 for 1 GiB. */
    public int leaf() {
        return leaf;
    }

    public static Region of(int ordinal) {
        return ALL[ordinal];
    }

    /**
     * The region of a page of the 4-level layout without KASLR.
     *
     * @param page virtual address >> 12, sign-extended
     */
    public static Region ofPage(long page) {
        if (page >= 0) {
            return USER;
        }
        long p = page & 0xF_FFFF_FFFFL; // ffff8880_00000000 is page 8_8800_0000 of the 36 bits
        if (p >= 0xF_FFF8_0000L) {
            return p < 0xF_FFFA_0000L ? IMAGE : p < 0xF_FFFF_F000L ? MODULES : FIXMAP;
        }
        if (p >= 0xF_E000_0000L) {
            return p < 0xF_E800_0000L ? ENTRY_AREA : FIXMAP;
        }
        if (p >= 0xE_A000_0000L) {
            return p < 0xE_B000_0000L ? VMEMMAP : FIXMAP;
        }
        if (p >= 0xC_9000_0000L) {
            return p < 0xE_9000_0000L ? VMALLOC : FIXMAP;
        }
        return p >= 0x8_8800_0000L && p < 0xC_8800_0000L ? DIRECT : FIXMAP;
    }
}
