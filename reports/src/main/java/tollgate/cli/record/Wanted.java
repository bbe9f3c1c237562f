package tollgate.cli.record;

import java.util.ArrayList;
import java.util.List;

/**
 * The tracepoints that a replay lives on, in groups that are recorded whole or not at all: an entry without its exit would
 * leave a CPU in an interrupt for ever.
 *
 * @param events by their names, {@code system:name}
 * @param isNeeded without it the recording is of no use
 * @param isOfTheTask whether the task itself does it, so that events of the recorder may be left out. Switches, interrupts
 *     and flushes say what happened to a CPU: without the recorder's the next task's would be misread.
 */
record Wanted(List<String> events, boolean isNeeded, boolean isOfTheTask) {
    private static final List<Wanted> ALWAYS = List.of(
            new Wanted(List.of("raw_syscalls:sys_enter", "raw_syscalls:sys_exit"), true, true),
            new Wanted(List.of("exceptions:page_fault_user"), false, true),
            new Wanted(List.of("exceptions:page_fault_kernel"), false, true),
            cpu("sched:sched_switch"),
            cpu("sched:sched_process_fork", "sched:sched_process_exec", "sched:sched_process_exit"),
            cpu("tlb:tlb_flush"),
            vector("local_timer"),
            vector("reschedule"),
            vector("call_function"),
            vector("call_function_single"),
            vector("irq_work"),
            cpu("irq:irq_handler_entry", "irq:irq_handler_exit"));

    private static final List<Wanted> GUEST = List.of(
            new Wanted(List.of("kvm:kvm_exit", "kvm:kvm_entry"), true, false),
            cpu("kvm:kvm_userspace_exit"),
            cpu("kvm:kvm_page_fault"),
            cpu("kvm:kvm_pio"),
            cpu("kvm:kvm_mmio"),
            cpu("kvm:kvm_fast_mmio"),
            cpu("kvm:kvm_msr"),
            cpu("kvm:kvm_inj_virq"));

    private static Wanted cpu(String... events) {
        return new Wanted(List.of(events), false, false);
    }

    private static Wanted vector(String name) {
        return cpu("irq_vectors:" + name + "_entry", "irq_vectors:" + name + "_exit");
    }

    static List<Wanted> of(Request request) {
        List<Wanted> wanted = new ArrayList<>(request.guest() ? GUEST : List.of());
        wanted.addAll(ALWAYS);
        return wanted;
    }

    /** For a reader. */
    String names() {
        return String.join(", ", events);
    }
}
