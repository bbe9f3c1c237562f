package tollgate.replay;

import tollgate.ingest.ExitReason;
import tollgate.replay.PageSource.ExitDetail;

/**
 * What info1 of a VM exit tells: the direction of port and MSR accesses.
 *
 * <p>Sources: AMD APM volume 2, 15.10.2 (IOIO: bit 0 IN, bit 2 string) and 15.11 (MSR: 0 read, 1 write); Intel
 * SDM volume 3, table 28-5 (I/O: bit 3 IN, bit 4 string).
 */
final class ExitDetails {
    private static final int SVM_IO = ExitReason.id(ExitReason.SVM, 0x7b);
    private static final int SVM_MSR = ExitReason.id(ExitReason.SVM, 0x7c);
    private static final int SVM_NPF = ExitReason.id(ExitReason.SVM, 0x400);
    private static final int VMX_IO = ExitReason.id(ExitReason.VMX, 30);
    private static final int VMX_RDMSR = ExitReason.id(ExitReason.VMX, 31);
    private static final int VMX_WRMSR = ExitReason.id(ExitReason.VMX, 32);
    private static final int VMX_EPT_VIOLATION = ExitReason.id(ExitReason.VMX, 48);
    private static final int VMX_EPT_MISCONFIG = ExitReason.id(ExitReason.VMX, 49);

    private ExitDetails() {}

    static ExitDetail of(int reason, long info1) {
        if (reason == SVM_IO) {
            return io((info1 & 1) != 0, (info1 & 4) != 0);
        }
        if (reason == VMX_IO) {
            return io((info1 & 8) != 0, (info1 & 16) != 0);
        }
        if (reason == SVM_MSR) {
            return (info1 & 1) != 0 ? ExitDetail.WRITE : ExitDetail.READ;
        }
        if (reason == VMX_RDMSR) {
            return ExitDetail.READ;
        }
        if (reason == VMX_WRMSR) {
            return ExitDetail.WRITE;
        }
        if (reason == VMX_EPT_MISCONFIG) {
            return ExitDetail.MMIO;
        }
        return reason == SVM_NPF || reason == VMX_EPT_VIOLATION ? ExitDetail.MEMORY : ExitDetail.NONE;
    }

    private static ExitDetail io(boolean isIn, boolean isString) {
        if (isString) {
            return isIn ? ExitDetail.STRING_READ : ExitDetail.STRING_WRITE;
        }
        return isIn ? ExitDetail.READ : ExitDetail.WRITE;
    }
}
