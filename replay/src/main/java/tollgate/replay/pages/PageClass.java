package tollgate.replay.pages;

/**
 * What kind of page a footprint names, by address or by the object that lies in it; classes.yaml says
 * which {@link tollgate.replay.MemoryClass} it is.
 */
public enum PageClass {
    /** Kernel image text without entry text. */
    TEXT,
    RODATA,
    /** Image data and bss. */
    DATA_BSS,
    ENTRY_TEXT,
    /** Text and data of modules. */
    MODULE,
    /** First per-CPU chunk. */
    PERCPU,
    CPU_ENTRY_AREA,
    /** Local APIC page. */
    FIXMAP,
    /** Array of struct page. */
    VMEMMAP,
    /** vmalloc space that is no task's stack: IRQ stacks, ioremap, dynamic per-CPU. */
    VMALLOC,
    /** A task's 16 KiB stack. */
    STACK,
    /** Pages around a task's task_struct. */
    TASK_STRUCT,
    /** Direct map, kind of page unknown: split by the shares in classes.yaml. */
    DIRECTMAP,
    /** User pages at their user addresses. */
    USER,
    /** Text of kvm.ko and its vendor module. */
    KVM_TEXT,
    /** Read-only data and data of the same. */
    KVM_DATA,
    /** struct vcpu_svm or vcpu_vmx. */
    VCPU,
    /** VMCB or VMCS, MSR and I/O permission maps. */
    VMCB,
    LAPIC,
    PIO_DATA,
    /** struct kvm. */
    KVM_VM,
    /** Memory slots, I/O buses, interrupt routing, APIC map. */
    KVM_OBJS,
    /** Page shared with the VMM. */
    KVM_RUN,
    /** PIC, IOAPIC, PIT. */
    IRQCHIP,
    /** CPUID entries, emulator context, Hyper-V context: inside struct kvm_vcpu in 2019. */
    VCPU_SPLIT,
    /** Nested or shadow page tables. */
    NPT,
    /** kvm_mmu_page, pte lists, rmap and lpage arrays. */
    KVM_MMU,
    GUEST_FPU,
    /** Guest memory through the direct map. */
    GUEST_RAM_DM,
    /** Guest memory through the VMM's mapping. */
    GUEST_RAM_USER,
    /** Page tables of processes. */
    PGTABLE,
    /** Slab pages. */
    SLAB,
    /** task_struct and stack of another task. */
    OTHER_TASK,
    /** Anonymous and file pages through the direct map. */
    USER_MEM_DM,
    /** Memory allocated at boot: mem_section, zones, hash tables. */
    DM_BOOT;

    private static final PageClass[] ALL = values();

    public static PageClass of(int ordinal) {
        return ALL[ordinal];
    }
}
