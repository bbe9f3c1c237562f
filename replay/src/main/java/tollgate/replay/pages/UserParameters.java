package tollgate.replay.pages;

/**
 * How user mode is drawn; swept, since the recorded program is none of the measured ones. The size of user pages is the
 * view's: neighbouring ranks are neighbouring pages, so with 2 MiB leaves a process has a few.
 *
 * @param scale factor on the distinct pages of a stretch
 * @param instructionsPerNano turns recorded time into the instructions that the curves were measured over (emulated, one
 *     instruction a nanosecond): IPC x GHz of the recording machine. 1.0 is one instruction a cycle at 1 GHz or a third of one at 3 GHz:
 *     an estimate for system-heavy programs, whose recorded stretches also hold the recorder's own time
 * @param memoryPages distinct pages a process has at most, 4 KiB each
 */
public record UserParameters(double scale, double instructionsPerNano, int memoryPages) {
    public static final UserParameters DEFAULT = new UserParameters(1, 1, Integer.MAX_VALUE);
}
