package tollgate.replay.pages;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Class names of the vmexit page lists in words of {@link PageClass}. */
final class VmClasses {
    /** First per-CPU page of the VM host; that of the other guests is {@link Pages#PERCPU}. */
    private static final long HOST_PERCPU = 0xffff_fff8_8804_dc00L;

    private static final Set<PageClass> OF_VM = EnumSet.range(PageClass.VCPU, PageClass.GUEST_RAM_USER);
    private static final Map<String, PageClass> OTHER = Map.of(
            "cur_task", PageClass.TASK_STRUCT,
            "slab_other", PageClass.SLAB,
            "dm_other", PageClass.DIRECTMAP,
            "module_other", PageClass.MODULE,
            "irq_stack", PageClass.VMALLOC,
            "vmalloc_other", PageClass.VMALLOC,
            "user_vmm", PageClass.USER,
            "user_other", PageClass.USER);

    private VmClasses() {}

    static boolean isOfVm(PageClass pageClass) {
        return OF_VM.contains(pageClass);
    }

    static void apply(Source source, int page, String name) {
        PageClass known = OTHER.get(name);
        source.classes[page] = known != null ? known : PageClass.valueOf(name.toUpperCase(java.util.Locale.ROOT));
        if (source.classes[page] == PageClass.PERCPU) {
            source.number[page] += Pages.PERCPU - HOST_PERCPU;
        }
    }
}
