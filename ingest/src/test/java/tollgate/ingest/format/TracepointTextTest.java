package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.ingest.Batch;
import tollgate.ingest.ExitReason;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Tally;
import tollgate.ingest.TaskState;

final class TracepointTextTest {
    private final Names names = new Names();
    private final Tally tally = new Tally();
    private final TracepointText texts = new TracepointText(names, tally);
    private final Batch batch = new Batch();

    /** Texts as real recordings hold them (kernel, perf, trace-cmd with and without plugins), beside what they say. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "raw_syscalls:sys_enter | NR 257 (ffffff9c, 7f85e94f30b1, 80000, 0, 0, 5641122a10ca) | SYSCALL_ENTER | 257 | 4294967196 | 140213121659057",
                "sys_exit | NR 257 = -2 | SYSCALL_EXIT | 257 | -2 | 0",
                "sys_exit | NR -1 = 94838407102464 | SYSCALL_EXIT | -1 | 94838407102464 | 0",
                "sys_exit | NR 45 = -512 | SYSCALL_EXIT | 45 | -512 | 0",
                "sys_enter_openat | sys_openat(dfd: ffffff9c, filename: 7f85, flags: 80000, mode: 0) | SYSCALL_ENTER | 257 | 4294967196 | 32645",
                "syscalls:sys_enter_openat | dfd: 0xffffff9c, filename: 0x7f85, flags: 0x00080000 | SYSCALL_ENTER | 257 | 4294967196 | 32645",
                "sys_enter_execve | 'filename: 0x7f85 \"/a, b: c\", argv: 0x10' | SYSCALL_ENTER | 59 | 32645 | 16",
                "sys_enter_getpid | sys_getpid() | SYSCALL_ENTER | 39 | 0 | 0",
                "sys_exit_openat | sys_openat -> 0xfffffffffffffffe | SYSCALL_EXIT | 257 | -2 | 0",
                "syscalls:sys_exit_newfstat | 0x0 | SYSCALL_EXIT | 5 | 0 | 0",
                "page_fault_user | address=0x7f85 ip=0x7f86 error_code=0x14 | FAULT_USER | 20 | 32645 | 32646",
                "page_fault_kernel | address=0x7f85 ip=_copy_to_user error_code=0x2 | FAULT_KERNEL | 2 | 32645 | 0",
                "local_timer_entry | vector=236 | IRQ_ENTER | 236 | 0 | 0",
                "irq_vectors:reschedule_exit | vector=253 | IRQ_EXIT | 253 | 0 | 0",
                "irq_handler_entry | irq=9 name=acpi | IRQ_ENTER | 4105 | 0 | 0",
                "irq_handler_exit | irq=9 ret=handled | IRQ_EXIT | 4105 | 0 | 0",
                "softirq_entry | vec=1 [action=TIMER] | SOFTIRQ_ENTER | 1 | 0 | 0",
                "tlb_flush | pages:-1 reason:flush on task switch (0) | TLB_FLUSH | 0 | -1 | 0",
                "tlb_flush | pages=1 reason= (4) | TLB_FLUSH | 4 | 1 | 0",
                "sched_process_exec | filename=./a pid=1 old_pid=2 pid=77 old_pid=78 | EXEC | 0 | 78 | 0",
                "kvm_entry | 'vcpu 3, rip 0x1000[immediate exit]' | VM_ENTRY | 3 | 4096 | 1",
                "kvm_entry | 'vcpu 0, rip 0x1000 intr_info 0x800000ec error_code 0x00000000' | VM_ENTRY | 0 | 4096 | 0",
                "kvm_entry | vcpu 0 rip 0x1000 | VM_ENTRY | 0 | 4096 | 0",
                "kvm_userspace_exit | reason KVM_EXIT_IO (2) | VMM_RETURN | 2 | 0 | 0",
                "kvm_userspace_exit | reason restart (4) | VMM_RETURN | -1 | -4 | 0",
                "kvm_page_fault | vcpu 0 rip 0x101d address 0x00000000d0000000 error_code 0x10000000e | GUEST_FAULT | 14 | 3489660928 | 4294967310",
                "kvm_page_fault | address d0000000 error_code e | GUEST_FAULT | 14 | 3489660928 | 14",
                "kvm_pio | pio_write at 0x3f8 size 1 count 16 val 0x78 (...) | GUEST_PIO | 1016 | 1 | 65552",
                "kvm_mmio | mmio unsatisfied-read len 4 gpa 0xd0000000 val 0x0 | GUEST_MMIO | 0 | 3489660928 | 4",
                "kvm_mmio | mmio write len 8 gpa 0xd0000000 val 0x1 | GUEST_MMIO | 2 | 3489660928 | 8",
                "kvm_fast_mmio | fast mmio at gpa 0xfee000b0 | GUEST_MMIO | 3 | 4276093104 | 0",
                "kvm_msr | msr_write 6e0 = 0xff (#GP) | GUEST_MSR | 1760 | 1 | 255",
                "kvm_inj_virq | IRQ 0xec [reinjected] | GUEST_IRQ | 236 | 0 | 0",
                "kvm_inj_virq | irq 236 | GUEST_IRQ | 236 | 0 | 0",
            })
    void saysWhatTheTextSays(String name, String text, Kind kind, int code, long a, long b) {
        assertThat(append(name, text)).isEqualTo(TracepointText.EVENT);
        assertThat(batch.kind(0)).isEqualTo(kind);
        assertThat(batch.code[0]).isEqualTo(code);
        assertThat(batch.a[0]).isEqualTo(a);
        assertThat(batch.b[0]).isEqualTo(b);
        assertThat(texts.seen()).containsExactly(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "odd",
                "th=1 ==>",
                "a:b",
                " lead",
                "trail ",
                "x prev_pid=1 pr",
                "y next_pid=7 ne",
                "a:1 [1] S ==> b",
                "nl\nx",
                "",
                "\n\n\n"
            })
    void splitsASwitchWhateverTheNames(String name) {
        for (String form : new String[] {
            "prev_comm=%s prev_pid=77 prev_prio=120 prev_state=R+ ==> next_comm=%s next_pid=88 next_prio=120",
            "%s:77 [120] R+ ==> %s:88 [120]"
        }) {
            batch.clear();
            assertThat(append("sched_switch", String.format(form, name, name))).isEqualTo(TracepointText.EVENT);
            assertThat(batch.tid[0]).isEqualTo(77);
            assertThat(names.name(batch.comm[0])).isEqualTo(name);
            assertThat(batch.code[0]).isEqualTo(TaskState.RUNNABLE | TaskState.PREEMPTED);
            assertThat(batch.a[0]).isEqualTo(88);
            assertThat(names.name((int) batch.b[0])).isEqualTo(name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"odd", "nl\nx", "x pid=1 prio=1", "c child_pid=1", "\n\n\n"})
    void readsNamesInWakeupsAndForks(String name) {
        append("sched_wakeup", "comm=" + name + " pid=99 prio=120 target_cpu=001");
        append("sched_wakeup_new", "comm=" + name + " pid=99 prio=120 success=1 target_cpu=001");
        append("sched_wakeup", name + ":99 [120] success=1 CPU:001");
        append("sched_process_fork", "comm=p pid=98 child_comm=" + name + " child_pid=99");
        for (int i = 0; i < 4; i++) {
            assertThat(batch.a[i]).isEqualTo(99);
            assertThat(names.name((int) batch.b[i])).isEqualTo(name);
            assertThat(batch.code[i]).isEqualTo(i < 3 ? 1 : -1);
        }
    }

    @Test
    void aTextThatGoesOnInTheNextLineIsBadUntilItIsWhole() {
        String text =
                "prev_comm=nl\nx prev_pid=77 prev_prio=120 prev_state=S ==> next_comm=nl\ny next_pid=88 next_prio=120";
        for (int feed = text.indexOf('\n'); feed >= 0; feed = text.indexOf('\n', feed + 1)) {
            assertThat(append("sched_switch", text.substring(0, feed))).isEqualTo(TracepointText.BAD);
        }
        assertThat(batch.size()).isZero();
        assertThat(append("sched_switch", text)).isEqualTo(TracepointText.EVENT);
    }

    @Test
    void exitReasonsHaveOneNumberInEverySpelling() {
        append(
                "kvm_exit",
                "vcpu 0 reason npf rip 0x1000 info1 0x0000000200000006 info2 0x0000000000008000 intr_info 0x0");
        append("kvm_exit", "reason EXIT_NPF rip 0x1000 info 200000006 8000");
        append("kvm_exit", "vcpu 0 reason PF excp rip 0x1000 info1 0x6 info2 0x8000 intr_info 0x0");
        append("kvm_exit", "vcpu 0 reason EPT_VIOLATION rip 0x1000 info1 0x82 info2 0x0 intr_info 0x0");
        append(
                "kvm_exit",
                "vcpu 0 reason npf rip 0x1000 info1 0x7 info2 0x9 intr_info 0x0 error_code 0x0 requests 0x0000000000000000");
        append("kvm_exit", "vcpu 0 reason INVALID_STATE FAILED_VMENTRY rip 0x1000 info1 0x0 info2 0x0 intr_info 0x0");
        assertThat(batch.code)
                .startsWith(
                        ExitReason.id(ExitReason.SVM, 0x400),
                        ExitReason.id(ExitReason.SVM, 0x400),
                        ExitReason.id(ExitReason.SVM, 0x4e),
                        ExitReason.id(ExitReason.VMX, 48),
                        ExitReason.id(ExitReason.SVM, 0x400),
                        ExitReason.id(ExitReason.VMX, 33));
        assertThat(batch.a).startsWith(0x200000006L, 0x200000006L, 6, 0x82, 7, 0);
        assertThat(batch.b).startsWith(0x8000, 0x8000, 0x8000, 0, 9, 0);
    }

    @Test
    void whatTheRecorderCouldNotPrintIsCountedAndWhatIsWrongIsBad() {
        assertThat(append("kvm_msr", "[FAILED TO PARSE] write=1 ecx=3")).isEqualTo(TracepointText.NOT_PARSED);
        assertThat(append("kvm_msr", "msr_poke 3 = 0x1")).isEqualTo(TracepointText.BAD);
        assertThat(append("sched_stat_runtime", "comm=x pid=1")).isEqualTo(TracepointText.NO_EVENT);
        assertThat(append("my_entry", "not a vector")).isEqualTo(TracepointText.NO_EVENT);
        assertThat(batch.size()).isZero();
        assertThat(tally.notes()).containsOnlyKeys("not parsed by the recorder: kvm_msr");
    }

    private Tracepoint tracepoint(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return texts.tracepoint(bytes, 0, bytes.length);
    }

    private int append(String name, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return texts.append(tracepoint(name), bytes, 0, bytes.length, 1000, 0, -1, -1, -1, batch);
    }
}
