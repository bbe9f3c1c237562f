/**
 * Which pages a context touches: real page streams ({@link tollgate.replay.pages.PageTrace}), and streams
 * drawn from real invocations for recordings that have no addresses.
 *
 * <pre>
 *   footprints.bin.zst   whole invocations of Linux 6.1, page by page      {@link tollgate.replay.pages.Footprints}
 *   borrowing.tsv        whose pages an event without footprint takes
 *   classes.yaml         page class -> memory class, low/mid/high          {@link tollgate.replay.pages.MemoryClasses}
 *
 *   event + (seed, position)  ->  PageStream: pick an invocation, place its pages  ->  accesses in Steps
 * </pre>
 *
 * <p>What a recording tells decides what is picked: a call's length ({@link tollgate.replay.pages.Lengths}), whether it is on a
 * socket ({@link tollgate.replay.pages.Sockets}), whose memory is free again ({@link tollgate.replay.pages.Owners}) and how
 * much a young process has in memory ({@link tollgate.replay.pages.Residents}).
 *
 * <p>Most accesses of an invocation are sure to hit the first-level TLB whatever ran before; they are found once for
 * each invocation ({@link tollgate.replay.pages.Essentials}) and left out by the lanes, with the same counts.
 *
 * <p>The drawn stream is judged by full ones, one program left out: {@link tollgate.replay.pages.DrawnAgainstFull}. The file is
 * written by FootprintGenerator, in the tests, from measured page-access streams.
 */
package tollgate.replay.pages;
