package tollgate.replay.pages;

/**
 * How user mode is drawn; swept, since the recorded program is none of the measured ones. The size of user pages is the
 * view's: neighbouring ranks are neighbouring pages, so with 2 MiB leaves a process has a few.
 *
 * @param scale factor on the distinct pages of a stretch
 * @param instructionsPerNano turns recorded time into the instructions that the curves were measured over: IPC x GHz of the
 *     recording machine, less the share of a stretch that is the recorder's own time. Emulated guests that count instructions:
 *     exactly 1. Hardware: 0.7 instructions a cycle at 3 GHz are 2.1, and a third to a half of a short traced stretch is
 *     the recorder's; an estimate, to be swept from 0.5 to 3
 * @param memoryPages distinct pages a process has at most, 4 KiB each
 */
public record UserParameters(double scale, double instructionsPerNano, int memoryPages) {
    public UserParameters {
        if (!(scale > 0) || !(instructionsPerNano > 0) || memoryPages < 1) {
            throw new IllegalArgumentException(
                    "scale and instructions per ns must be positive, memory at least a page, not " + scale + ", "
                            + instructionsPerNano + ", " + memoryPages);
        }
    }

    public static final UserParameters DEFAULT = new UserParameters(1, 1, Integer.MAX_VALUE);
}
