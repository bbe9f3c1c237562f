package tollgate.ingest.format;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import tollgate.ingest.Kind;
import tollgate.ingest.Syscalls;
import tollgate.ingest.Tally;

/** One tracepoint of a recording, looked up once by name: which text it prints and how often it came. */
final class Tracepoint {
    /** What the text after the name looks like, and so how it is read. */
    enum Text {
        SYS_ENTER(Kind.SYSCALL_ENTER),
        SYS_EXIT(Kind.SYSCALL_EXIT),
        SYSCALL_ENTER(Kind.SYSCALL_ENTER),
        SYSCALL_EXIT(Kind.SYSCALL_EXIT),
        FAULT_USER(Kind.FAULT_USER),
        FAULT_KERNEL(Kind.FAULT_KERNEL),
        SWITCH(Kind.SWITCH),
        WAKEUP(Kind.WAKEUP),
        FORK(Kind.FORK),
        EXEC(Kind.EXEC),
        EXIT(Kind.EXIT),
        TLB_FLUSH(Kind.TLB_FLUSH),
        VECTOR_ENTRY(Kind.IRQ_ENTER),
        VECTOR_EXIT(Kind.IRQ_EXIT),
        IRQ_ENTRY(Kind.IRQ_ENTER),
        IRQ_EXIT(Kind.IRQ_EXIT),
        SOFTIRQ_ENTRY(Kind.SOFTIRQ_ENTER),
        SOFTIRQ_EXIT(Kind.SOFTIRQ_EXIT),
        KVM_EXIT(Kind.VM_EXIT),
        KVM_ENTRY(Kind.VM_ENTRY),
        KVM_USERSPACE_EXIT(Kind.VMM_RETURN),
        KVM_PAGE_FAULT(Kind.GUEST_FAULT),
        KVM_PIO(Kind.GUEST_PIO),
        KVM_MMIO(Kind.GUEST_MMIO),
        KVM_FAST_MMIO(Kind.GUEST_MMIO),
        KVM_MSR(Kind.GUEST_MSR),
        KVM_INJ_VIRQ(Kind.GUEST_IRQ),
        /** Counted by name and not read. */
        OTHER;

        /** What events are made of it. */
        final Set<Kind> kinds;

        Text(Kind... kinds) {
            this.kinds = Set.of(kinds);
        }
    }

    private static final Map<String, Text> TEXTS = Map.ofEntries(
            Map.entry("sys_enter", Text.SYS_ENTER),
            Map.entry("sys_exit", Text.SYS_EXIT),
            Map.entry("page_fault_user", Text.FAULT_USER),
            Map.entry("page_fault_kernel", Text.FAULT_KERNEL),
            Map.entry("sched_switch", Text.SWITCH),
            Map.entry("sched_wakeup", Text.WAKEUP),
            Map.entry("sched_wakeup_new", Text.WAKEUP),
            Map.entry("sched_process_fork", Text.FORK),
            Map.entry("sched_process_exec", Text.EXEC),
            Map.entry("sched_process_exit", Text.EXIT),
            Map.entry("tlb_flush", Text.TLB_FLUSH),
            Map.entry("irq_handler_entry", Text.IRQ_ENTRY),
            Map.entry("irq_handler_exit", Text.IRQ_EXIT),
            Map.entry("softirq_entry", Text.SOFTIRQ_ENTRY),
            Map.entry("softirq_exit", Text.SOFTIRQ_EXIT),
            Map.entry("kvm_exit", Text.KVM_EXIT),
            Map.entry("kvm_entry", Text.KVM_ENTRY),
            Map.entry("kvm_userspace_exit", Text.KVM_USERSPACE_EXIT),
            Map.entry("kvm_page_fault", Text.KVM_PAGE_FAULT),
            Map.entry("kvm_pio", Text.KVM_PIO),
            Map.entry("kvm_mmio", Text.KVM_MMIO),
            Map.entry("kvm_fast_mmio", Text.KVM_FAST_MMIO),
            Map.entry("kvm_msr", Text.KVM_MSR),
            Map.entry("kvm_inj_virq", Text.KVM_INJ_VIRQ));

    /** System calls whose tracepoint is called after the kernel's function rather than the table's name (include/linux/syscalls.h). */
    private static final Map<String, String> FUNCTION_NAMES = Map.of(
            "newstat", "stat",
            "newfstat", "fstat",
            "newlstat", "lstat",
            "newuname", "uname",
            "sendfile64", "sendfile",
            "umount", "umount2");

    /** The name as it stands in the recording, with or without its system ({@code sched:}). */
    final byte[] spelled;
    /** The name without its system. */
    final String name;

    final Text text;
    /** System call number where the name tells it, else -1. */
    final int syscall;

    final Tally.Count count;

    Tracepoint(byte[] spelled, Tally tally) {
        this.spelled = spelled;
        String whole = new String(spelled, StandardCharsets.UTF_8);
        int colon = whole.indexOf(':');
        // A short tail is an event modifier ("cycles:ppp"), not a tracepoint of the system "cycles".
        boolean hasSystem = colon > 0 && whole.length() - colon > 4;
        String system = hasSystem ? whole.substring(0, colon) : "";
        name = hasSystem ? whole.substring(colon + 1) : whole;
        Text known = TEXTS.get(name);
        int number = -1;
        if (known != null) {
            text = known;
        } else if (name.startsWith("sys_enter_")) {
            text = Text.SYSCALL_ENTER;
            number = numberOf(name.substring("sys_enter_".length()));
        } else if (name.startsWith("sys_exit_")) {
            text = Text.SYSCALL_EXIT;
            number = numberOf(name.substring("sys_exit_".length()));
        } else if (system.isEmpty() || system.equals("irq_vectors")) {
            text = name.endsWith("_entry") ? Text.VECTOR_ENTRY : name.endsWith("_exit") ? Text.VECTOR_EXIT : Text.OTHER;
        } else {
            text = Text.OTHER;
        }
        syscall = number;
        count = tally.tracepoint(name);
    }

    /** The x86-64 number of a system call by its name in the table or the kernel's function, or -1. */
    static int numberOf(String function) {
        return Syscalls.number(FUNCTION_NAMES.getOrDefault(function, function));
    }
}
